import type { AuthSessionsErrorCode } from '../core/error-codes.js';
import { AuthSessionsError } from '../core/errors.js';
import type { SessionEvent } from '../core/session-event.js';
import type { TestHandlers } from './handlers-by-path.js';

export interface RefusedAsksOptions {
  /** Events so far: the same refusal is reported once. */
  readonly events: readonly SessionEvent[];
  readonly report: (event: SessionEvent) => void;
  readonly redact: (text: string) => string;
  readonly nowMs: () => number;
}

/**
 * Reports the requests of tests that fail before a session is acquired: a misspelt name, a full pool. Otherwise the
 * summary would say that no test asked for a session.
 */
export function noteRefusedAsks(handlers: TestHandlers, options: RefusedAsksOptions): TestHandlers {
  const noting = <Ask extends { readonly session: string }, Rest extends unknown[], Answer>(
    handle: (ask: Ask, ...rest: Rest) => Promise<Answer>,
  ) => {
    return async (ask: Ask, ...rest: Rest): Promise<Answer> => {
      const startedAtMs = options.nowMs();
      try {
        return await handle(ask, ...rest);
      } catch (error) {
        if (error instanceof AuthSessionsError) note(error, { session: ask.session, startedAtMs }, options);
        throw error;
      }
    };
  };
  return {
    ...handlers,
    '/base-url': noting(handlers['/base-url']),
    '/use': noting(handlers['/use']),
    '/acquire': noting(handlers['/acquire']),
    '/credentials': noting(handlers['/credentials']),
    '/code': noting(handlers['/code']),
  };
}

function note(
  { code, explanation }: AuthSessionsError,
  ask: { readonly session: string; readonly startedAtMs: number },
  { events, report, redact, nowMs }: RefusedAsksOptions,
): void {
  if (!codesBeforeSessions.has(code)) return;
  const session = redact(ask.session);
  if (events.some((event) => event.session === session && event.errorCode === code)) return;
  const { failed, known, next } = explanation;
  report({
    ...{ session, baseURL: undefined, outcome: 'failed', errorCode: code },
    ...{ startedAtMs: ask.startedAtMs, durationMs: nowMs() - ask.startedAtMs },
    ...{ waiters: 1, signIns: 0, checks: 0, notes: [] },
    failure: { failed: redact(failed), known: known && redact(known), next: redact(next) },
  });
}

/** Another error has an event of its sign-in, or is not about a session. */
const codesBeforeSessions: ReadonlySet<AuthSessionsErrorCode> = new Set<AuthSessionsErrorCode>([
  'ERR_SESSION_UNKNOWN',
  'ERR_SESSION_TYPE',
  'ERR_SESSION_IN_USE',
]);
