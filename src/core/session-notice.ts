import type { SessionEvent } from './session-event.js';

/** What `onEvent` of the sessions file gets. Contains no values, and nothing that an application wrote. */
export interface SessionNotice {
  /**
   * `refused`: the application rejected the credentials, or has locked the account. `waiting`: a test waits for an
   * account of a pool, or for a session with limited uses.
   */
  readonly type: 'created' | 'renewed' | 'failed' | 'refused' | 'waiting';
  /** For `waiting`, possibly a pool. */
  readonly session: string;
  readonly baseURL?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly signIns: number;
  /** How many requests waited for it, including the first. */
  readonly waiters: number;
  /** Set for `failed` and `refused`. */
  readonly errorCode?: string | undefined;
}

/** The notice of an event; `undefined` for a session that was only restored. */
export function noticeOf(event: SessionEvent): SessionNotice | undefined {
  const { session, baseURL, outcome, startedAtMs, durationMs, signIns, waiters, errorCode } = event;
  if (outcome === 'restored') return undefined;
  const type = outcome === 'failed' ? failureType(errorCode) : outcome;
  return { type, session, baseURL, startedAtMs, durationMs, signIns, waiters, errorCode };
}

/** Whether the application refused, or something else failed. */
export function failureType(errorCode: string | undefined): 'refused' | 'failed' {
  return errorCode !== undefined && refusals.has(errorCode) ? 'refused' : 'failed';
}

const refusals: ReadonlySet<string> = new Set(['ERR_CREDENTIALS_REJECTED', 'ERR_ACCOUNT_LOCKED']);
