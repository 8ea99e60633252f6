import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJudge, type Judge, type SignInAttempt } from './scale/judge.js';

export interface SimulatedSite {
  /** The sessions' base URLs are below it: `/session-name`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface SimulatedSiteOptions {
  readonly judge?: Judge;
  /** After a worker used a sign-in that is alive: whether it ends now. [never] */
  readonly endsAfterUse?: () => boolean;
  readonly onUse?: () => void;
}

/**
 * Answers simulated flows and workers: `/NAME/sign-in`, `/NAME/check` as a flow does, `/NAME/use` as a test does,
 * `/pool/hold` and `/pool/release` for a worker's account, and `/killed` before a broker is killed.
 */
export async function createSimulatedSite(options: SimulatedSiteOptions = {}): Promise<SimulatedSite> {
  const { judge = createJudge(), endsAfterUse = () => false, onUse = () => undefined } = options;
  const server = createServer((request, response) => {
    const [, session = '', act] = (request.url ?? '').split('/');
    const id = /life=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    if (act === 'sign-in')
      void readJson(request).then((attempt) =>
        response.end(`life=${judge.signIn(session, attempt as SignInAttempt).id}`),
      );
    else if (session === 'killed')
      void readJson(request).then(({ pid }) => {
        judge.brokerKilled(Number(pid));
        response.end();
      });
    else if (session === 'pool')
      void readJson(request).then(({ account, by = '' }) => {
        if (act === 'hold') judge.holdAccount(Number(account), by);
        else judge.releaseAccount(Number(account), by);
        response.end();
      });
    else if (act === 'use') {
      const isAlive = judge.use(id);
      if (isAlive && endsAfterUse()) judge.end(id);
      onUse();
      response.writeHead(isAlive ? 200 : 401).end();
    } else response.writeHead(judge.find(id)?.isAlive ? 200 : 401).end();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(
  request: IncomingMessage,
): Promise<Partial<SignInAttempt & { readonly pid: number; readonly by: string }>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Partial<
    SignInAttempt & { readonly pid: number; readonly by: string }
  >;
}
