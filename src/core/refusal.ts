import * as v from 'valibot';
import type { AuthSessionsErrorCode } from './errors.js';

/** What an application said no to: kept so that no session, command or run sends it once more. It has no value in it. */
export interface Refusal {
  /** The session that met it. */
  readonly session: string;
  readonly code: RefusalCode;
  /** What the application said, redacted. */
  readonly said: string;
  readonly atMs: number;
  /** How long it holds. */
  readonly ttlMs: number;
}

export type RefusalCode = Extract<AuthSessionsErrorCode, 'ERR_CREDENTIALS_REJECTED' | 'ERR_ACCOUNT_LOCKED'>;

/**
 * Whether it still holds. A refusal from the future was written before the clock went back: it holds as long as one
 * from the past, and not until that future is over.
 */
export function isInForce({ atMs, ttlMs }: Pick<Refusal, 'atMs' | 'ttlMs'>, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) < ttlMs;
}

/** A wrong password stays wrong until it is another one; a day leaves an application that was fixed its chance. */
export const refusedTtlMs = 24 * 60 * 60_000;

/** Applications lock for minutes; an attempt in between may begin that time again. */
export const lockedTtlMs = 60 * 60_000;

export function formatRefusal(refusal: Refusal): string {
  return `${JSON.stringify(refusal)}\n`;
}

/** `undefined` for what is no refusal. */
export function parseRefusal(text: string): Refusal | undefined {
  try {
    const refusal: unknown = JSON.parse(text);
    return v.is(refusalSchema, refusal) ? refusal : undefined;
  } catch {
    return undefined;
  }
}

/** What holds in the place of a refusal that cannot be read. */
export function unreadableRefusal(atMs: number): Refusal {
  return {
    session: '?',
    code: 'ERR_CREDENTIALS_REJECTED',
    said: 'What was kept of it cannot be read.',
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
  // What a file says holds no longer than what is written here.
  ttlMs: v.pipe(time, v.minValue(1), v.maxValue(refusedTtlMs)),
});
