import { request } from 'node:http';
import { acquirePhases, type PhasePath } from '../core/acquire-phase.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock } from '../core/ports.js';
import { readOwnFile } from '../files/own-path.js';
import { activeTraceParent, traceParentHeader } from '../spans/trace-parent.js';
import { systemClock } from '../time/system-clock.js';
import { registerAt } from './register-at.js';
import { ledgerPosition } from './register-secrets.js';
import {
  ledgerHeader,
  phaseHeader,
  workerHeader,
  type BrokerAnswer,
  type BrokerRequests,
} from './messages.js';
import { deserializeError } from './serialized-error.js';
import { brokerConnections } from './process-memory.js';

/** The environment variable for workers with the path of the broker's address file, which only this user can read. */
export const brokerVariable = 'AUTH_SESSIONS_BROKER';

export interface BrokerHandle {
  readonly address: string;
  /** What a worker shows to the broker: random, for one run. */
  readonly pass: string;
}

/** How long to wait for a restarted broker. */
const patienceMs = 20_000;
const pauseMs = 100;

/**
 * Sends a request to the broker, and registers new secrets with the redactor before it returns the answer. If the
 * broker dies, sends the request to its successor.
 *
 * @throws AuthSessionsError what the broker answers; `ERR_CONFIG_NOT_WRAPPED`, `ERR_BROKER_UNREACHABLE`,
 * `ERR_BROKER_LOST`
 */
export async function askBroker<Path extends keyof BrokerRequests>(
  path: Path,
  message: BrokerRequests[Path]['request'],
  {
    handleFile = process.env[brokerVariable],
    clock = systemClock,
    hasRunner = () => process.connected,
    onPhase,
  }: {
    readonly handleFile?: string | undefined;
    readonly clock?: Clock;
    /** Whether the runner, which restarts brokers, is still connected to this worker. */
    readonly hasRunner?: () => boolean;
    /** Called with what the request waits for. */
    readonly onPhase?: ((path: PhasePath) => void) | undefined;
  } = {},
): Promise<BrokerRequests[Path]['answer']> {
  if (handleFile === undefined) throw notWrapped();
  const traceParent = await activeTraceParent();
  for (let lostAtMs: number | undefined; ;) {
    const answer = await readHandle(handleFile)
      .then((handle) => post(handle, { path, message, traceParent, onPhase }))
      .catch((error: unknown) => (isConnectionLoss(error) ? undefined : Promise.reject(error as Error)));
    if (answer) {
      if (answer.secrets) registerAt.brokerAnswer(answer.secrets);
      if ('error' in answer) throw deserializeError(answer.error);
      return answer.ok as BrokerRequests[Path]['answer'];
    }
    if (!hasRunner()) throw lost('The runner has ended, so the broker is not restarted.');
    lostAtMs ??= clock.nowMs();
    if (clock.nowMs() - lostAtMs > patienceMs)
      throw lost(`It ended, and was not restarted within ${patienceMs / 1000} s.`);
    await clock.sleep(pauseMs);
  }
}

/** Another user who could write it could direct workers to their own broker. */
async function readHandle(file: string): Promise<BrokerHandle> {
  const read = await Promise.resolve().then(() => readOwnFile(file, { maxBytes: 4096 }));
  if ('why' in read) throw notOurs(file, read.why);
  const handle = JSON.parse(read.text) as BrokerHandle | { readonly lost: true };
  if ('lost' in handle) throw lost('It ended twice, and is restarted only once per run.');
  return handle;
}

async function post(
  { address, pass }: BrokerHandle,
  { path, message, traceParent, onPhase }: Post,
): Promise<BrokerAnswer<unknown>> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath: address,
      path,
      method: 'POST',
      agent: brokerConnections,
      headers: {
        authorization: `Bearer ${pass}`,
        'content-type': 'application/json',
        [ledgerHeader]: ledgerPosition() ?? '',
        [workerHeader]: String(process.pid),
        ...(traceParent !== undefined && { [traceParentHeader]: traceParent }),
      },
    });
    outgoing.on('error', reject);
    if (onPhase) outgoing.on('information', ({ headers }) => onPhase(phasesIn(headers[phaseHeader])));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(refused(response.statusCode));
        else resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as BrokerAnswer<unknown>);
      });
    });
    outgoing.end(JSON.stringify(message));
  });
}

interface Post {
  readonly path: string;
  readonly message: unknown;
  readonly traceParent: string | undefined;
  readonly onPhase: ((path: PhasePath) => void) | undefined;
}

function phasesIn(header: string | string[] | undefined): PhasePath {
  const names = String(header ?? '').split(' ');
  return acquirePhases.filter((phase) => names.includes(phase));
}

const lossCodes = ['ECONNRESET', 'ECONNREFUSED', 'ENOENT', 'EPIPE'];

function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error && lossCodes.includes(String(error.code));
}

function notWrapped(): AuthSessionsError {
  return new AuthSessionsError('ERR_CONFIG_NOT_WRAPPED', {
    failed: 'This run has no broker.',
    known: 'Its global setup did not run, or the Playwright config is not wrapped in withAuthSessions.',
    next: "Write in playwright.config.ts: export default defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', { … })).",
  });
}

function notOurs(file: string, why: string): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_UNREACHABLE', {
    failed: `The file with the broker's address, "${file}", cannot be used.`,
    known: why,
    next: `Run the whole suite again with npx playwright test, with ${brokerVariable} unset.`,
  });
}

function lost(known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_LOST', {
    failed: 'The broker of this run is gone.',
    known,
    next: 'Run again, and see its last output above.',
  });
}

function refused(status: number | undefined): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_UNREACHABLE', {
    failed: 'The broker rejected a request.',
    known: `It answered ${status ?? 'nothing'}: it belongs to another run, or to another version of this package.`,
    next: 'Run the whole suite again with npx playwright test.',
  });
}
