import type { FullConfig } from '@playwright/test';
import type { LeakOptions } from '../core/suite-options.js';
import type { RunSummary } from '../core/session-event.js';
import type { RunVerdict } from './run-verdict.js';
import type { SupervisedBrokers } from './supervise-brokers.js';

/** What the runner knows about the run: the config declares it, the setup starts it, the reporter reports it. */
export interface CurrentRun {
  /** The argument of `withAuthSessions`, relative to the config. */
  sessionsFile?: string;
  /** Each test must name a session, or say `null`. */
  requireAuthSession?: boolean;
  /** The config was loaded before in this process: output and messages are intercepted once. */
  isEntered?: boolean;
  /** A web server may log its requests, and Playwright passes its output to every reporter. */
  readonly webServerCommands: Set<string>;
  broker?: SupervisedBrokers;
  summary?: RunSummary | undefined;
  /** Redacts the runner's results again, when all secrets are known. */
  redactResults?: (() => void) | undefined;
  /** Set by the constructor of our reporter, read by the next setup, and reset when the run ends. */
  hasReporter?: boolean;
  /**
   * What runs the leak check. A reporter created before the setup gets its end event after the teardown. In UI mode and
   * editors, reporters come and go between setup and teardown, so the teardown runs it.
   */
  checkedBy?: 'reporter' | 'teardown';
  verdict?: RunVerdict;
  /** Stops the broker, once. Playwright skips a teardown after its timeout or a second Ctrl-C. */
  end?: (() => Promise<void>) | undefined;
  /** What the leak check needs, set when the broker has ended. */
  finished?: FinishedRun | undefined;
}

export interface FinishedRun {
  readonly config: FullConfig;
  /** Folder of the config. */
  readonly suiteFolder: string;
  /** `vault-access.jsonl` */
  readonly accessFile: string;
  readonly startedAtMs: number;
  /** When the broker was ready. */
  readonly readyAtMs: number;
  readonly leaks: LeakOptions;
  /** What went wrong at the broker's end: the check is then incomplete. Continues `its broker`. */
  readonly trouble: string | undefined;
}

export const currentRun: CurrentRun = { webServerCommands: new Set() };
