import { labelOf } from '../../src/core/format-run.js';
import type { RunSummary, SessionEvent, SessionSummary, SessionUse } from '../../src/core/session-event.js';

/** A session at one base URL, with its events and uses. */
export interface SessionView {
  readonly summary: SessionSummary;
  /** See `labelOf`. */
  readonly label: string;
  /** Prefix of its IDs in the page. */
  readonly id: string;
  readonly events: readonly SessionEvent[];
  readonly uses: readonly SessionUse[];
}

/** The most uses that the page shows. auth-sessions.json has all of them. */
export const maxUses = 2000;

/** Groups a run's events and uses by session. */
export function viewSessions(run: RunSummary): readonly SessionView[] {
  const uses = run.uses.slice(0, maxUses);
  return run.sessions.map((summary, index) => {
    const isOwn = ({ session, baseURL }: { session: string; baseURL: string | undefined }) =>
      session === summary.session && baseURL === summary.baseURL;
    return {
      summary,
      label: labelOf(summary, run.sessions),
      id: `session-${index + 1}`,
      events: run.events.filter(isOwn),
      uses: uses.filter(isOwn).toSorted((one, other) => one.askedAtMs - other.askedAtMs),
    };
  });
}

/** Whether the test waited while the session was acquired. A remembered failure involves no wait. */
export function hasWaited({ outcome, waitedMs }: Pick<SessionUse, 'outcome' | 'waitedMs'>): boolean {
  return outcome !== 'memory' && waitedMs >= shortestWaitMs;
}

export function endOf({ startedAtMs, durationMs }: { startedAtMs: number; durationMs: number }): number {
  return startedAtMs + durationMs;
}

const shortestWaitMs = 20;
