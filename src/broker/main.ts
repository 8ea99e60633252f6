import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { firstLine } from '../core/first-line.js';
import type { DeclaredSecret } from '../core/read-declared-secrets.js';
import { SecretValue } from '../core/secret-value.js';
import { tryTo } from '../core/try-to.js';
import { guardMemory } from '../credentials/guard-memory.js';
import { createCodeWaitReporter } from '../credentials/report-code-wait.js';
import { registerConfinedSecrets } from '../credentials/register-confined-secrets.js';
import { createRedactor } from '../redaction/redactor.js';
import { systemClock } from '../time/system-clock.js';
import { createAcknowledgement } from '../wire/acknowledgement.js';
import { redactOutput } from '../wire/redact-output.js';
import type { BrokerMessage, RunnerMessage, StartMessage } from '../wire/runner-messages.js';
import { deserializeError, serializeError } from '../wire/serialized-error.js';
import { removeRunFolder } from '../wire/run-folder.js';
import { createSecretLedger } from '../wire/secret-ledger.js';
import { createBrokerServer, type BrokerServer } from '../wire/server.js';
import { createBrokerService, type BrokerService } from './broker-service.js';
import { clearArtifacts, workersPatienceMs } from './clear-artifacts.js';
import { keepCompiledCode } from './keep-compiled-code.js';

const endPatienceMs = 4000;

guardMemory({ debuggable: false });
keepCompiledCode();

/** The broker process. Its runner controls it, and it ends with its runner. */
const runner = createAcknowledgement({ patienceMs: 1000 });
const known = createRedactor();
const ledger = createSecretLedger({
  redactor: known,
  id: randomUUID(),
  nowMs: () => Date.now(),
  onSecret: (secret) => tell({ type: 'secret', number: runner.next(), secret }),
});
const { redactor } = ledger;
// A flow's output. Standard output belongs to reporters.
redactOutput(process, redactor, process.stderr);

let service: BrokerService | undefined;
let server: BrokerServer | undefined;
let runFolder: string | undefined;
let artifactFolders: readonly string[] = [];
let ending = false;
/** Shows the thread that watches the runner that this one is alive and busy. */
const clearing = new Int32Array(new SharedArrayBuffer(4));

process.on('message', (message: RunnerMessage) => {
  if (message.type === 'start') void start(message);
  else if (message.type === 'forget-failures') service?.forgetFailures();
  else if (message.type === 'secret-known') runner.reached(message.number);
  else if (message.type === 'declared') registerDeclared(message.declared);
  else void end('stop');
});
process.on('disconnect', () => void end('orphaned'));
// Ctrl-C reaches the whole process group. The runner decides what to do, and sends it to the broker.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('SIGTERM', () => void end('orphaned'));
process.on('uncaughtException', surviveError);
process.on('unhandledRejection', surviveError);
watchRunner();

async function start(message: StartMessage): Promise<void> {
  // A preloaded module may have opened a debugger meanwhile.
  guardMemory({ debuggable: false });
  ({ runFolder, artifactFolders } = message);
  registerDeclared(message.declared);
  try {
    registerConfinedSecrets(message, redactor, { confined: true });
    redactor.add(new SecretValue(message.pass, 'broker pass'));
    service = await createBrokerService({
      ...message,
      redactor,
      knownFailures: new Map(message.failures.map(({ key, error }) => [key, deserializeError(error)])),
      onEvent: (event) => tell({ type: 'event', event }),
      ...(message.notesSpans && { onSpan: (change) => tell({ type: 'span', change }) }),
      onFailure: (key, error) => tell({ type: 'failure', key, error: serializeError(error) }),
      onHeld: (ask) => tell({ type: 'held', ask }),
      onNotHeld: (ticket) => tell({ type: 'not-held', ticket }),
      onUseWait: (line) => process.stderr.write(`Auth sessions: ${line}\n`),
      onCodeWait: createCodeWaitReporter((line) => process.stderr.write(`${line}\n`)),
    });
    server = await createBrokerServer({
      address: message.address,
      pass: message.pass,
      handlers: service.handlers,
      ledger,
      underSpan: service.spans.under,
      runnerKnows: () => runner.settled(),
    });
    tell({ type: 'ready', greeting: service.greeting });
  } catch (error) {
    tell({ type: 'failed', error: serializeError(error) });
    await end('orphaned');
  }
}

/** Not added to the ledger: the runner has them, and each worker reads its own with the config. */
function registerDeclared(declared: readonly DeclaredSecret[]): void {
  for (const { value, label } of declared) known.add(new SecretValue(value, label));
}

/** `orphaned`: the runner is gone, so the broker itself removes what the run leaves. */
async function end(reason: 'stop' | 'orphaned'): Promise<void> {
  if (ending) return;
  ending = true;
  // The report comes first: the runner waits longer for it than for the end.
  if (reason === 'stop') await report();
  const patience = setTimeout(() => leave(), endPatienceMs).unref();
  await Promise.allSettled([service?.close(), server?.close()]);
  if (server && !process.connected) {
    clearTimeout(patience);
    Atomics.store(clearing, 0, 1);
    const { workers } = server;
    const what = { folders: artifactFolders, redactor, workers: [...workers], clock: systemClock };
    await clearArtifacts(what).catch(() => undefined);
  }
  leave();
}

async function report(): Promise<void> {
  // Errors in files were reported when they were read.
  await service?.registerFree().catch(() => undefined);
  await service?.endUnstored();
  const summary = service?.summary();
  if (summary && process.connected)
    await new Promise<void>((resolve) => process.send?.({ type: 'stopped', summary }, () => resolve()));
}

function leave(): never {
  // The next run removes what is left.
  if (runFolder !== undefined && !process.connected) tryTo(() => removeRunFolder(runFolder ?? ''));
  process.exit(0);
}

function tell(message: BrokerMessage): void {
  if (process.connected) process.send?.(message);
}

/**
 * An unhandled rejection or a throwing listener of a flow must not end the run and cause another sign-in in the next
 * broker.
 */
function surviveError(error: unknown): void {
  process.stderr.write(`auth-sessions: something that a flow started failed later: ${firstLine(error)}\n`);
}

/** Runs in a separate thread: a flow that blocks the event loop must not outlive the runner. */
function watchRunner(): void {
  const source = `
    const { workerData } = require('node:worker_threads');
    const isGone = () => {
      if (process.ppid !== workerData.runner) return true;
      try { process.kill(workerData.runner, 0); return false; } catch (error) { return error.code === 'ESRCH'; }
    };
    const end = () => process.kill(process.pid, 'SIGKILL');
    const watch = setInterval(() => {
      if (!isGone()) return;
      clearInterval(watch);
      setTimeout(() => { if (Atomics.load(workerData.clearing, 0) === 0) end(); }, workerData.patienceMs);
      setTimeout(end, workerData.clearingMs);
    }, 1000);`;
  const workerData = {
    runner: process.ppid,
    clearing,
    patienceMs: 2 * endPatienceMs,
    clearingMs: 3 * workersPatienceMs,
  };
  new Worker(source, { eval: true, workerData, stdout: true, stderr: true }).unref();
}
