import type { RequestPattern } from './request-pattern.js';

/** Something that goes wrong, and with which requests. */
export type Fault = FaultScope & FaultKind;

export interface FaultScope {
  /** Every request when left out. */
  readonly match?: RequestPattern;
  /** Begins with the nth matching request, counted from 1. */
  readonly nth?: number;
  /** Strikes this often, then no more. Always, when left out; once, when `nth` is given. */
  readonly times?: number;
  /** Strikes a matching request with this probability, 0 to 1. */
  readonly probability?: number;
}

export type FaultKind =
  | StatusFault
  | BodyFault
  | RewriteFault
  | TruncateFault
  /** Sends the answer one byte at a time. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Answers with an encrypted message in which a byte has changed on the way. */
  | { readonly kind: 'garble' }
  | DelayFault
  | RateLimitFault
  /** Breaks the connection with a TCP reset, unanswered. */
  | { readonly kind: 'reset' }
  /** Never answers; `close()` ends the connection. */
  | { readonly kind: 'hang' }
  /** Ends sign-in with a proof that a server without the verifier might send. */
  | { readonly kind: 'wrong-proof' }
  /** Forgets the session; its requests get 401 until the client signs in again. */
  | { readonly kind: 'expired-session' }
  /** Revokes the service account for good. */
  | { readonly kind: 'revoked' };

/** Answers so, without looking at the request. */
export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers 200 with this text instead of the encrypted message. */
export interface BodyFault {
  readonly kind: 'body';
  readonly body: string;
}

/** Changes the answer before it is encrypted: what a server of another version might say. */
export interface RewriteFault {
  readonly kind: 'rewrite';
  readonly rewrite: (answer: unknown) => unknown;
}

/** Sends so many bytes of the answer; then the connection breaks, or ends cleanly as if that were all. */
export interface TruncateFault {
  readonly kind: 'truncate';
  readonly bytes: number;
  /** `broken` when left out. */
  readonly ending?: 'broken' | 'clean';
}

export interface DelayFault {
  readonly kind: 'delay';
  readonly delayMs: number;
}

/** Refuses everything that the token asks, with 429 and `retry-after`, until the window is over. */
export interface RateLimitFault {
  readonly kind: 'rate-limit';
  readonly windowSeconds: number;
}
