import { timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { BrokerCaller } from '../broker/broker-caller.js';
import type { BrokerHandlers } from '../broker/handlers-by-path.js';
import { isNamedPipe } from './broker-address.js';
import { ledgerHeader, workerHeader, type BrokerAnswer, type BrokerRequests } from './messages.js';
import { serializeError } from './serialized-error.js';
import { createAnswerBytes } from './answer-bytes.js';
import { maxRequestBytes, parseRequest, tooLarge, unreadable } from './parse-request.js';
import type { SecretLedger } from './secret-ledger.js';

export interface BrokerServerOptions {
  /** A socket in a private folder; on Windows a named pipe. */
  readonly address: string;
  /** Known only to workers of this run. */
  readonly pass: string;
  /** A request without a handler is rejected. */
  readonly handlers: Partial<BrokerHandlers>;
  /** Secrets for workers to redact. */
  readonly ledger: Pick<SecretLedger, 'pageAfter'>;
  /** Resolves when the runner, which reads workers' output, knows every secret that an answer may contain. */
  readonly runnerKnows?: () => Promise<void>;
}

export interface BrokerServer {
  /** The process IDs of the workers that sent requests. */
  readonly workers: ReadonlySet<number>;
  close(): Promise<void>;
}

/** Serves workers over HTTP on a local socket, for its framing, its queueing and its tools. */
export async function createBrokerServer(options: BrokerServerOptions): Promise<BrokerServer> {
  const workers = new Set<number>();
  const bytesOf = createAnswerBytes();
  const server = createServer((request, response) => {
    void answer(request, options, workers).then(
      ({ status, body }) => send(response, status, body ? bytesOf(body) : []),
      () => response.destroy(),
    );
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await listen(server, options.address);
  return {
    workers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  { pass, handlers, ledger, runnerKnows }: BrokerServerOptions,
  workers: Set<number>,
): Promise<{ status: number; body: BrokerAnswer<unknown> | undefined }> {
  if (!isAuthorised(request, pass)) return { status: 401, body: undefined };
  const worker = Number(request.headers[workerHeader]);
  if (Number.isSafeInteger(worker) && worker > 0) workers.add(worker);
  const unknown = async () => {
    await runnerKnows?.();
    return unknownTo(request, ledger);
  };
  const path = request.url as keyof BrokerRequests;
  if (request.method !== 'POST' || !Object.hasOwn(handlers, path)) return { status: 404, body: undefined };
  try {
    const handler = handlers[path] as (message: unknown, caller: BrokerCaller) => Promise<unknown>;
    const message = parseRequest(path, await readJson(request, path));
    const ok = await handler(message, { worker: workers.has(worker) ? worker : undefined });
    return { status: 200, body: { ok, secrets: await unknown() } };
  } catch (error) {
    return { status: 200, body: { error: serializeError(error), secrets: await unknown() } };
  }
}

/** Read when the answer is ready, so that it includes the answer's secrets. */
function unknownTo({ headers }: IncomingMessage, ledger: BrokerServerOptions['ledger']) {
  const [id, count] = String(headers[ledgerHeader] ?? '').split(' ');
  return ledger.pageAfter(id, Number(count) || 0);
}

function isAuthorised({ headers }: IncomingMessage, pass: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${pass}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readJson(request: IncomingMessage, path: keyof BrokerRequests): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes(path)) throw tooLarge(path);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw unreadable(path);
  }
}

function send(response: ServerResponse, status: number, pieces: readonly Buffer[]): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length });
  for (const piece of pieces) response.write(piece);
  response.end();
}

/** A killed broker leaves its socket, and its successor has the same address. */
async function listen(server: Server, address: string): Promise<void> {
  if (!isNamedPipe(address)) await rm(address, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
