import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunSummary } from '../core/session-event.js';
import { declaredSecrets, onDeclared } from '../wire/declared-secrets.js';
import { registerAt } from '../wire/register-at.js';
import type { BrokerGreeting, BrokerMessage, StartMessage } from '../wire/runner-messages.js';
import type { SerializedError } from '../wire/serialized-error.js';
import { runRedactor } from '../wire/process-memory.js';
import { createRunFolder, markLost, removeRunFolder } from '../wire/run-folder.js';
import { forkBroker, send, waitUntilReady } from './broker-child.js';
import { endChild, endOf, hasEnded } from './end-child.js';
import { openSpanExport } from './open-span-export.js';
import { redactTitles } from './redact-titles.js';

export type BrokerOptions = Omit<
  StartMessage,
  'type' | 'address' | 'pass' | 'runFolder' | 'failures' | 'declared' | 'notesSpans' | 'held'
>;

/** The broker as the runner sees it. */
export interface SupervisedBroker {
  readonly greeting: BrokerGreeting;
  /** The file with the broker's address, for workers. */
  readonly handleFile: string;
  /** Starts a new run in this process: failed sign-ins may be tried again. */
  forgetFailures(): void;
  /** Ends the broker and removes its files, within time limits in any state. */
  stop(): Promise<BrokerEnd>;
}

/** Its final report, and what went wrong at its end: at least one of them. */
export interface BrokerEnd {
  readonly summary?: RunSummary | undefined;
  /** Continues `its broker`. */
  readonly trouble?: string | undefined;
}

/** Time limit for its report: a busy machine is slow, and a missing report fails the run. */
const reportPatienceMs = 15_000;
/** Time limit for its end after the report. */
const endPatienceMs = 5000;
const maxRestarts = 1;
const removalAttempts = 25;
const removalPauseMs = 200;

/**
 * Starts a broker, and restarts it once if it dies. The vault's credential is sent over the channel between parent and
 * child, never in an environment or a command line.
 *
 * @throws AuthSessionsError if it cannot start
 */
export async function superviseBroker(options: BrokerOptions): Promise<SupervisedBroker> {
  const run = createRunFolder();
  const failures: { key: string; error: SerializedError }[] = [];
  const held = new Map<string, StartMessage['held'][number]>();
  const spans = openSpanExport();
  let child: ChildProcess | undefined;
  let stopping = false;
  let restarts = 0;
  let summary: RunSummary | undefined;
  let onReport: (() => void) | undefined;

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
      if (message.type === 'held') held.set(message.ask.ticket, message.ask);
      if (message.type === 'not-held') held.delete(message.ticket);
      if (message.type === 'span') spans?.receive(message.change);
      if (message.type === 'secret') {
        registerAt.brokerSecret(message.secret);
        send(started, { type: 'secret-known', number: message.number });
      }
      if (message.type === 'stopped') {
        summary = message.summary;
        onReport?.();
      }
    });
    started.once('exit', () => {
      spans?.endAll(stopping ? 'ERR_STOPPED' : 'ERR_BROKER_LOST');
      if (stopping || child !== started) return;
      if (restarts >= maxRestarts) {
        markLost(run.handleFile);
        return;
      }
      restarts += 1;
      process.stderr.write('auth-sessions: the broker ended unexpectedly and is restarted\n');
      start().catch((error: unknown) => {
        markLost(run.handleFile);
        process.stderr.write(
          `auth-sessions: ${error instanceof Error ? error.message : 'it did not start'}\n`,
        );
      });
    });
    const ready = waitUntilReady(started);
    ready.catch(() => undefined);
    const { address, pass, folder: runFolder } = run;
    const declared = declaredSecrets();
    const remembered = { failures, held: [...held.values()], notesSpans: spans !== undefined };
    send(started, { type: 'start', ...options, address, pass, runFolder, declared, ...remembered });
    return ready;
  }

  const forgetDeclared = onDeclared((declared) => {
    if (child) send(child, { type: 'declared', declared });
  });

  function forgetFailures(): void {
    failures.length = 0;
    if (child) send(child, { type: 'forget-failures' });
  }

  async function stop(): Promise<BrokerEnd> {
    stopping = true;
    forgetDeclared();
    const missing = child ? await askForReport(child) : 'it did not start';
    const end = child && (await endChild(child, { patienceMs: summary ? endPatienceMs : 0 }));
    process.off('exit', atExit);
    await Promise.all([removeSoon(run.folder), spans?.flush()]);
    if (!summary) return { trouble: `sent no final report: ${missing ?? 'it ended without one'}` };
    return {
      summary: redactTitles(summary, runRedactor),
      ...(end === 'stuck' && { trouble: `is still running: SIGKILL did not end process ${child?.pid}` }),
    };
  }

  /** Returns why there is no report, if so. */
  async function askForReport(asked: ChildProcess): Promise<string | undefined> {
    if (hasEnded(asked)) return `it had ended before, with ${endOf(asked)}`;
    if (!asked.connected) return 'it had closed its channel';
    return new Promise((resolve) => {
      const settle = (why: string | undefined) => {
        clearTimeout(timer);
        asked.off('exit', onExit);
        resolve(why);
      };
      const timer = setTimeout(
        () => settle(`it did not answer within ${reportPatienceMs / 1000} s`),
        reportPatienceMs,
      );
      const onExit = () => settle(`it ended with ${endOf(asked)}`);
      asked.once('exit', onExit);
      onReport = () => settle(undefined);
      send(asked, { type: 'stop' });
    });
  }

  try {
    return { greeting: await start(), handleFile: run.handleFile, forgetFailures, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An ending browser may still write. Files that cannot be removed must not prevent the leak check. */
async function removeSoon(folder: string): Promise<void> {
  for (let left = removalAttempts; left > 0; left -= 1) {
    try {
      removeRunFolder(folder);
    } catch {
      // checked below
    }
    if (!existsSync(folder)) return;
    await delay(removalPauseMs);
  }
  process.stderr.write(
    `auth-sessions: the temporary files of this run could not be removed. Remove ${folder}\n`,
  );
}
