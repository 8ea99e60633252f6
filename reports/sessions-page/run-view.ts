import type { RunSummary, SessionEvent, SessionSummary, SessionUse } from '../../src/core/session-event.js';

/** A session at one base URL, with all that happened to it and all who used it. */
export interface SessionView {
  readonly summary: SessionSummary;
  /** Its name; with its base URL where the run used it with several. */
  readonly label: string;
  /** Of its places in the page. */
  readonly id: string;
  readonly events: readonly SessionEvent[];
  readonly uses: readonly SessionUse[];
}

/** Of a large run the page shows this many uses; all of them are in auth-sessions.json. */
export const maxUses = 2000;

/** Sorts what happened in a run by session. */
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

/** Whoever did not get it at once: it was brought up meanwhile. A failure that is remembered is told at once, too. */
export function hasWaited({ outcome, waitedMs }: Pick<SessionUse, 'outcome' | 'waitedMs'>): boolean {
  return outcome !== 'memory' && waitedMs >= shortestWaitMs;
}

export function endOf({ startedAtMs, durationMs }: { startedAtMs: number; durationMs: number }): number {
  return startedAtMs + durationMs;
}

function labelOf({ session, baseURL }: SessionSummary, all: readonly SessionSummary[]): string {
  const isAlone = all.filter((one) => one.session === session).length === 1;
  return isAlone || baseURL === undefined ? session : `${session} (${baseURL})`;
}

const shortestWaitMs = 20;
