import * as v from 'valibot';
import type { AuthSessionsErrorCode } from './error-codes.js';

/**
 * A rejection by an application, stored so that no session, command or run sends the same credentials again. Contains
 * no value.
 */
export interface Refusal {
  /** The session that was rejected. */
  readonly session: string;
  readonly code: RefusalCode;
  /** The application's message, redacted. */
  readonly said: string;
  readonly atMs: number;
  /** How long it counts. */
  readonly ttlMs: number;
}

export type RefusalCode = Extract<AuthSessionsErrorCode, 'ERR_CREDENTIALS_REJECTED' | 'ERR_ACCOUNT_LOCKED'>;

/** Whether it still counts. If the clock was set back after it was written, it counts as long as one from the past. */
export function isInForce({ atMs, ttlMs }: Pick<Refusal, 'atMs' | 'ttlMs'>, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) < ttlMs;
}

/** A wrong password stays wrong until it changes. After a day, the application may have been fixed. */
export const refusedTtlMs = 24 * 60 * 60_000;

/** Applications lock accounts for minutes, and an attempt may restart that time. */
export const lockedTtlMs = 60 * 60_000;

export function formatRefusal(refusal: Refusal): string {
  return `${JSON.stringify(refusal)}\n`;
}

/** `undefined` if it is not a refusal. */
export function parseRefusal(text: string): Refusal | undefined {
  try {
    const refusal: unknown = JSON.parse(text);
    return v.is(refusalSchema, refusal) ? refusal : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal that replaces one that cannot be read. */
export function unreadableRefusal(atMs: number): Refusal {
  return {
    session: '?',
    code: 'ERR_CREDENTIALS_REJECTED',
    said: 'Its stored record cannot be read.',
    atMs,
    ttlMs: refusedTtlMs,
  };
}

const time = v.pipe(v.number(), v.finite());

const refusalSchema = v.object({
  session: v.string(),
  code: v.picklist(['ERR_CREDENTIALS_REJECTED', 'ERR_ACCOUNT_LOCKED']),
  said: v.string(),
  atMs: time,
  // A file cannot prolong a refusal beyond this.
  ttlMs: v.pipe(time, v.minValue(1), v.maxValue(refusedTtlMs)),
});
