import * as v from 'valibot';
import { identityEntries, type ProcessIdentity } from '../files/process-identity.js';

/** A lease file's content: who holds the lease, and until when. */
export interface LeaseRecord extends ProcessIdentity {
  readonly owner: string;
  readonly ttlMs: number;
  readonly expiresAtMs: number;
  readonly released: boolean;
  readonly outlivesHolder: boolean;
}

/** The observer's facts for judging a record. */
export interface LeaseObserver {
  readonly nowMs: number;
  readonly host: string;
  readonly isProcessAlive: (pid: number, start?: string) => boolean;
}

export function formatLeaseRecord(record: LeaseRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function parseLeaseRecord(text: string): LeaseRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    return v.is(recordSchema, record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a lease is still held. Hosts that share a folder have different clocks: an end further ahead than the lease's
 * length was written by a clock ahead of ours. Up to five minutes of that are waited for. More means that a clock was
 * set back, which must not hold a lease for hours.
 */
export function isHeld(record: LeaseRecord, { nowMs, host, isProcessAlive }: LeaseObserver): boolean {
  if (record.released) return false;
  const remainingMs = record.expiresAtMs - nowMs;
  if (remainingMs <= 0 || remainingMs > record.ttlMs + maxClockSkewMs) return false;
  return record.outlivesHolder || record.host !== host || isProcessAlive(record.pid, record.start);
}

/** How much the clocks of machines sharing a store may differ. */
export const maxClockSkewMs = 5 * 60_000;

const recordSchema = v.object({
  owner: v.string(),
  ...identityEntries,
  ttlMs: v.pipe(v.number(), v.finite()),
  expiresAtMs: v.pipe(v.number(), v.finite()),
  released: v.boolean(),
  outlivesHolder: v.boolean(),
});
