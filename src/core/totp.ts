/** The parameters of a code (RFC 6238 section 4). */
export interface TotpParameters {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly digits: number;
  readonly periodSeconds: number;
}

/** One time step: its number and its remaining time. A step has one code, used at most once. */
export interface TimeStep {
  /** `floor(now / period)`, RFC 6238 section 4.2 with T0 = 0. */
  readonly number: number;
  readonly remainingMs: number;
}

export function timeStepAt(nowMs: number, periodSeconds: number): TimeStep {
  const periodMs = periodSeconds * 1000;
  const number = Math.floor(nowMs / periodMs);
  return { number, remainingMs: (number + 1) * periodMs - nowMs };
}
