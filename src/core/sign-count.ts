/**
 * Signature counters of passkeys (WebAuthn, section 6.1.1). A site may reject a counter that is not greater than the
 * last one it saw, so each context gets counters that no other context can send.
 */

/** Reserves signature counters, for all sessions, runs and machines that share a store. */
export interface SignCountStore {
  /**
   * Reserves the `count` counters after the returned one. That is `after`, or the last counter ever reserved for this
   * passkey if it is greater. `undefined` if fewer are left. A passkey's name is a keyed digest in the characters of a
   * store key.
   */
  reserve(
    passkey: string,
    range: { readonly after: number; readonly count: number },
  ): Promise<number | undefined>;
}

/** The counter of a passkey in a state: Playwright before 1.64 has none, and may have sent a few. */
export function signCountOf({ signCount }: { readonly signCount?: number | undefined }): number {
  return signCount !== undefined && isSignCount(signCount) ? signCount : unknownSignCount;
}

export function isSignCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxSignCount;
}

/** An unsigned 32-bit integer. */
export const maxSignCount = 2 ** 32 - 1;

/** How often one context can sign. */
export const signCountsPerContext = 100;

/** What one request for a session reserves: its test may open several contexts. */
export const signCountsPerUse = 5 * signCountsPerContext;

const unknownSignCount = 1000;
