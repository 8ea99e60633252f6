import { AuthSessionsError } from '../core/errors.js';
import type { SessionAsker, SessionUse, UseOutcome } from '../core/session-event.js';

/** Records which test used which session, and how long it waited. */
export interface UseLog {
  /** Runs one request, and records it when it ends. */
  record<Result extends { readonly outcome: UseOutcome }>(
    ask: SessionAsk,
    work: () => Promise<Result>,
  ): Promise<Result>;
  entries(): readonly SessionUse[];
}

export interface SessionAsk {
  readonly session: string;
  readonly baseURL: string | undefined;
  /** Missing for the command line and for workers of an earlier version. */
  readonly asker: SessionAsker | undefined;
}

export function createUseLog({ nowMs }: { readonly nowMs: () => number }): UseLog {
  const entries: SessionUse[] = [];

  function note(ask: SessionAsk, askedAtMs: number, end: Pick<SessionUse, 'outcome' | 'errorCode'>): void {
    const { session, baseURL, asker } = ask;
    const { test, project, worker } = asker ?? nobody;
    entries.push({
      ...{ session, baseURL, test, project, worker },
      ...{ askedAtMs, waitedMs: Math.round(nowMs() - askedAtMs) },
      ...end,
    });
  }

  return {
    async record(ask, work) {
      const askedAtMs = nowMs();
      try {
        const result = await work();
        note(ask, askedAtMs, { outcome: result.outcome });
        return result;
      } catch (error) {
        const errorCode = error instanceof AuthSessionsError ? error.code : undefined;
        note(ask, askedAtMs, { outcome: 'failed', errorCode });
        throw error;
      }
    },
    entries: () => entries,
  };
}

const nobody: SessionAsker = { test: '', project: '', worker: 0 };
