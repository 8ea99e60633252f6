import type { FullConfig } from '@playwright/test';
import type { LeakOptions } from '../core/auth-session.js';
import type { RunSummary } from '../core/session-event.js';
import type { RunVerdict } from './run-verdict.js';
import type { SupervisedBroker } from './supervise-broker.js';

/** What the parts of the runner know of the run: the config declares it, the setup starts it, the reporter tells it. */
export interface CurrentRun {
  /** As `withAuthSessions` was given it: relative to the config. */
  sessionsFile?: string;
  /** The config was loaded before in this process: output and messages are intercepted once. */
  isEntered?: boolean;
  /** A web server may log what it is asked, and Playwright tells its output to every reporter. */
  readonly webServerCommands: Set<string>;
  broker?: SupervisedBroker;
  summary?: RunSummary | undefined;
  /** Takes known secrets out of what the runner holds of the run, once more when all of them are known. */
  redactResults?: (() => void) | undefined;
  /** Set by a reporter of ours when it is made, which the next setup takes note of, and reset when the run ends. */
  hasReporter?: boolean;
  /**
   * Who checks the run: a reporter that was made before the setup hears of the end after the teardown. In UI mode and
   * in editors reporters come and go between setup and teardown, so the teardown does.
   */
  checkedBy?: 'reporter' | 'teardown';
  verdict?: RunVerdict;
  /** Ends the broker, once: Playwright skips a teardown when its time is over, or after a second Ctrl-C. */
  end?: (() => Promise<void>) | undefined;
  /** Set when the broker has ended: what the leak check has to know. */
  finished?: FinishedRun | undefined;
}

export interface FinishedRun {
  readonly config: FullConfig;
  /** Of the config. */
  readonly projectFolder: string;
  readonly startedAtMs: number;
  /** When the broker was ready. */
  readonly readyAtMs: number;
  readonly leaks: LeakOptions;
  /** Why the broker did not report what it knew last: then the check is not whole. */
  readonly missing: string | undefined;
}

export const currentRun: CurrentRun = { webServerCommands: new Set() };
