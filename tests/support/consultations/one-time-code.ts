import { generateSync } from 'otplib';
import type { AccountTotp } from './account.js';
import { isSameText } from './same-text.js';

export interface CodeMoment {
  readonly nowMs: number;
  /** The last time step that was accepted; no step up to it is accepted again. */
  readonly lastStep: number | undefined;
}

export type CodeAnswer = { readonly outcome: 'accepted'; readonly step: number } | CodeRefusal;
export interface CodeRefusal {
  readonly outcome: 'wrong' | 'used';
}

/** Compares a code with those of the current time step and its two neighbours (RFC 6238 section 5.2). */
export function checkCode(code: string, totp: AccountTotp, { nowMs, lastStep }: CodeMoment): CodeAnswer {
  const step = findStep(code, totp, nowMs);
  if (step === undefined) return { outcome: 'wrong' };
  if (lastStep !== undefined && step <= lastStep) return { outcome: 'used' };
  return { outcome: 'accepted', step };
}

/** The code of an account at a moment, for tests that type one in. */
export function codeAt(nowMs: number, { secret, algorithm, digits, periodSeconds }: AccountTotp): string {
  return generateSync({ secret, algorithm, digits, period: periodSeconds, epoch: Math.floor(nowMs / 1000) });
}

function findStep(code: string, totp: AccountTotp, nowMs: number): number | undefined {
  const periodMs = totp.periodSeconds * 1000;
  const current = Math.floor(nowMs / periodMs);
  return [current, current - 1, current + 1].find((step) => isSameText(code, codeAt(step * periodMs, totp)));
}
