import type { FullConfig } from '@playwright/test';
import type { LeakOptions } from '../core/auth-session.js';
import type { RunSummary } from '../core/session-event.js';
import type { SupervisedBroker } from './supervise-broker.js';

/** What the parts of the runner know of the run: the config declares it, the setup starts it, the reporter tells it. */
export interface CurrentRun {
  /** As `withAuthSessions` was given it: relative to the config. */
  sessionsFile?: string;
  broker?: SupervisedBroker;
  summary?: RunSummary | undefined;
  /** Takes known secrets out of what the runner holds of the run, once more when all of them are known. */
  redactResults?: (() => void) | undefined;
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
}

export const currentRun: CurrentRun = {};
