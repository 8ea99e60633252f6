import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { RunSummary } from '../../src/core/session-event.js';
import { brokerEnvironment, brokerNodeArguments } from '../../src/run/broker-environment.js';
import { endChild } from '../../src/run/end-child.js';
import type { BrokerMessage, RunnerMessage, StartMessage } from '../../src/wire/runner-messages.js';
import { deserializeError } from '../../src/wire/serialized-error.js';
import { createRunFolder, removeRunFolder } from '../../src/wire/run-folder.js';
import { modulesWithOwnPackage } from '../support/package/built-package.js';
import { testKey } from '../support/test-key.js';

/** A real broker: the process of the built package, with this process as its runner. */
export interface BenchBroker {
  readonly process: ChildProcess;
  /** The file with its address, for askers. */
  readonly handleFile: string;
  /** From the fork to its greeting. */
  readonly readyMs: number;
  /** Kills it, and starts its successor at the same address. */
  restart(): Promise<void>;
  stop(): Promise<RunSummary | undefined>;
}

export interface BenchBrokerOptions {
  /** A project with an `auth-sessions.ts`. */
  readonly suiteFolder: string;
  readonly token?: string | undefined;
  readonly storeUrl?: string | undefined;
  /** Whether flows sign in without a browser. [false] */
  readonly simulatesBrowser?: boolean;
}

/** The same in all brokers of the benchmark. */
const storeKey = testKey('benchmark');

export async function startBroker(options: BenchBrokerOptions): Promise<BenchBroker> {
  const run = createRunFolder();
  let child = forkBroker(run.temporary, options);
  let summary: RunSummary | undefined;
  const held = new Map<string, StartMessage['held'][number]>();
  const start = async () => {
    child.on('message', (message: BrokerMessage) => {
      if (message.type === 'secret') send(child, { type: 'secret-known', number: message.number });
      if (message.type === 'stopped') summary = message.summary;
      if (message.type === 'held') held.set(message.ask.ticket, message.ask);
      if (message.type === 'not-held') held.delete(message.ticket);
    });
    const { address, pass, folder } = run;
    const remembered = { held: [...held.values()] };
    send(child, startMessage(options, { address, pass, runFolder: folder, ...remembered }));
    await greeted(child);
  };
  const startedMs = performance.now();
  await start();
  const readyMs = performance.now() - startedMs;
  return {
    get process() {
      return child;
    },
    handleFile: run.handleFile,
    readyMs,
    async restart() {
      await endChild(child, { patienceMs: 0 });
      child = forkBroker(run.temporary, options);
      await start();
    },
    async stop() {
      send(child, { type: 'stop' });
      await endChild(child, { patienceMs: 20_000 });
      removeRunFolder(run.folder);
      return summary;
    },
  };
}

function startMessage(
  { suiteFolder, token, storeUrl }: BenchBrokerOptions,
  run: Pick<StartMessage, 'address' | 'pass' | 'runFolder' | 'held'>,
): StartMessage {
  return {
    type: 'start',
    ...run,
    suiteFolder,
    sessionsFile: path.join(suiteFolder, 'auth-sessions.ts'),
    vaultCredential: token === undefined ? undefined : { value: token, source: 'OP_SERVICE_ACCOUNT_TOKEN' },
    workload: {},
    ofConnections: {},
    storeKey,
    storeUrl,
    declared: [],
    artifactFolders: [],
    accessFile: undefined,
    onCi: false,
    notesSpans: false,
    plans: {},
    failures: [],
  };
}

/** As the runner forks it, without what others keep for nested runs. */
function forkBroker(temporary: string, { simulatesBrowser }: BenchBrokerOptions): ChildProcess {
  const own = { NODE_OPTIONS: undefined, SIMULATED_BROWSER: simulatesBrowser ? '1' : undefined };
  const main = path.join(modulesWithOwnPackage(), 'playwright-auth-sessions/dist/src/broker/main.js');
  return fork(main, [], {
    execArgv: brokerNodeArguments(),
    env: brokerEnvironment({ ...process.env, ...own }, { temporary }),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // notes of waits, thousands in a day
    serialization: 'advanced',
  });
}

async function greeted(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the broker ended at its start');
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: BrokerMessage) => {
      if (message.type === 'ready') resolve();
      if (message.type === 'failed') reject(deserializeError(message.error));
    });
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
}

function send(child: ChildProcess, message: RunnerMessage): void {
  if (child.connected) child.send(message, () => undefined);
}
