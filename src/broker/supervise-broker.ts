import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AuthSessionsError } from '../core/errors.js';
import type { RunSummary } from '../core/session-event.js';
import {
  deserializeError,
  type BrokerGreeting,
  type BrokerMessage,
  type RunnerMessage,
  type SerializedError,
  type StartMessage,
} from './messages.js';
import { learnSecret } from './run-redactor.js';
import { createRunFolder, markLost, removeRunFolder } from './run-folder.js';
import { secretVariables } from './vault-credential.js';

export type BrokerOptions = Omit<StartMessage, 'type' | 'address' | 'secret' | 'runFolder' | 'failures'>;

/** The runner's hold on its broker. */
export interface SupervisedBroker {
  readonly greeting: BrokerGreeting;
  /** What leads workers to it. */
  readonly handleFile: string;
  /** Says that a new run begins in this process: what failed in the last one may be tried again. */
  newRun(): void;
  /** Ends it, and everything it left; `undefined` when it had no last words. */
  stop(): Promise<RunSummary | undefined>;
}

const startPatienceMs = 60_000;
const stopPatienceMs = 5000;
const maxRestarts = 1;

/**
 * Starts a broker and keeps it: restarted once when it dies. The vault's credential goes to it over the channel
 * between parent and child, never through an environment or a command line.
 *
 * @throws AuthSessionsError what it could not start for
 */
export async function superviseBroker(options: BrokerOptions): Promise<SupervisedBroker> {
  const run = createRunFolder();
  const failures: { key: string; error: SerializedError }[] = [];
  let child: ChildProcess | undefined;
  let stopping = false;
  let restarts = 0;
  let summary: RunSummary | undefined;

  const atExit = () => {
    child?.kill('SIGKILL');
    removeRunFolder(run.folder);
  };
  process.once('exit', atExit);

  async function start(): Promise<BrokerGreeting> {
    const started = forkBroker(run.temporary);
    child = started;
    started.on('message', (message: BrokerMessage) => {
      if (message.type === 'failure') failures.push({ key: message.key, error: message.error });
      if (message.type === 'secret') {
        learnSecret(message.secret);
        send(started, { type: 'secret-known', number: message.number });
      }
      if (message.type === 'stopped') summary = message.summary;
    });
    started.once('exit', () => {
      if (stopping || child !== started) return;
      if (restarts >= maxRestarts) {
        markLost(run.handleFile);
        return;
      }
      restarts += 1;
      process.stderr.write('auth-sessions: the broker ended unexpectedly and is started again\n');
      start().catch((error: unknown) => {
        markLost(run.handleFile);
        process.stderr.write(
          `auth-sessions: ${error instanceof Error ? error.message : 'it did not start'}\n`,
        );
      });
    });
    const ready = waitUntilReady(started);
    ready.catch(() => undefined);
    const { address, secret, folder: runFolder } = run;
    send(started, { type: 'start', ...options, address, secret, runFolder, failures });
    return ready;
  }

  function newRun(): void {
    failures.length = 0;
    if (child) send(child, { type: 'new-run' });
  }

  async function stop(): Promise<RunSummary | undefined> {
    stopping = true;
    if (child) await endChild(child);
    process.off('exit', atExit);
    removeRunFolder(run.folder);
    return summary;
  }

  try {
    return { greeting: await start(), handleFile: run.handleFile, newRun, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In this repository the broker is TypeScript; the package has JavaScript. */
function forkBroker(temporary: string): ChildProcess {
  const main = import.meta.url.endsWith('.ts') ? './main-from-source.mjs' : './main.js';
  const child = fork(fileURLToPath(new URL(main, import.meta.url)), [], {
    execArgv: [],
    env: brokerEnvironment(temporary),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** The runner's environment, without what makes Playwright write down what it does, or where it is from. */
function brokerEnvironment(temporary: string): NodeJS.ProcessEnv {
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const secrets: readonly string[] = Object.values(secretVariables);
  for (const name of Object.keys(env))
    if (
      /^(DEBUG|DEBUG_FILE|TEST_(WORKER|PARALLEL)_INDEX|PW_TEST_.*|NODE_V8_COVERAGE)$/.test(name) ||
      secrets.includes(name)
    )
      Reflect.deleteProperty(env, name);
  return env;
}

async function waitUntilReady(child: ChildProcess): Promise<BrokerGreeting> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(didNotStart(`It said nothing for ${startPatienceMs / 1000} s.`)),
      startPatienceMs,
    );
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(didNotStart(`It ended with ${signal ?? `code ${code ?? 'unknown'}`}.`));
    });
    child.on('message', (message: BrokerMessage) => {
      if (message.type !== 'ready' && message.type !== 'failed') return;
      clearTimeout(timer);
      if (message.type === 'ready') resolve(message.greeting);
      else reject(deserializeError(message.error));
    });
  });
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    send(child, { type: 'stop' });
  });
}

function send(child: ChildProcess, message: RunnerMessage): void {
  if (child.connected) child.send(message);
}

function didNotStart(known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_BROKER_UNREACHABLE', {
    failed: 'The broker did not start.',
    known,
    next: 'Its last words are above. Run again; if it stays so, report it.',
  });
}
