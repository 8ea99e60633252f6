import type { RunSummary } from '../core/session-event.js';
import type { SupervisedBroker } from './supervise-broker.js';

/** What the parts of the runner know of the run: the config declares it, the setup starts it, the reporter tells it. */
export interface CurrentRun {
  /** As `withAuthSessions` was given it: relative to the config. */
  sessionsFile?: string;
  broker?: SupervisedBroker;
  summary?: RunSummary | undefined;
}

export const currentRun: CurrentRun = {};
