import * as v from 'valibot';
import type { RunSummary } from '../../src/core/session-event.js';
import { accessReasons, vaultKinds, type VaultAccess } from '../../src/core/vault-access.js';

/** What a run says about its sessions, next to its blob report, for `merge-reports`. Contains no values. */
export interface ShardPart {
  /** SHA-256 of the blob report, in hexadecimal. */
  readonly blobDigest: string;
  /** `not finished`: the process ended before the verdict. */
  readonly leakCheck: 'clean' | 'failed' | 'not finished';
  readonly shard: ShardPosition | null;
  readonly summary: RunSummary;
  readonly accesses: readonly VaultAccess[];
}

/** `--shard=2/3` */
export interface ShardPosition {
  readonly current: number;
  readonly total: number;
}

export function formatShardPart(part: ShardPart): string {
  return `${JSON.stringify({ format, version, ...part })}\n`;
}

/** The part, or why it cannot be used. */
export function parseShardPart(text: string): ShardPart | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!v.is(headSchema, value)) return 'it is not from this package';
  if (value.version !== version) return `it has format version ${value.version}, not ${version}`;
  const parsed = v.safeParse(partSchema, value);
  return parsed.success
    ? (parsed.output as ShardPart)
    : `${v.getDotPath(parsed.issues[0]) ?? 'it'} is invalid`;
}

/** A line of vault-access.jsonl; `undefined` if it is not one. */
export function parseAccess(line: string): VaultAccess | undefined {
  try {
    const parsed = v.safeParse(accessSchema, JSON.parse(line));
    return parsed.success ? (parsed.output as VaultAccess) : undefined;
  } catch {
    return undefined;
  }
}

const format = 'playwright-auth-sessions shard';
const version = 1;
const headSchema = v.looseObject({ format: v.literal(format), version: v.number() });

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(number, v.minValue(0), v.maxValue(8.64e15));
const text = v.string();
const optionalText = v.optional(text);
const outcome = v.picklist(['created', 'restored', 'renewed', 'failed']);
const useOutcome = v.picklist(['created', 'restored', 'renewed', 'failed', 'memory']);
const reason = v.picklist(accessReasons);
const place = { session: text, baseURL: optionalText };

const accessSchema = v.looseObject({
  ...{ when: v.pipe(text, v.isoTimestamp()), vault: v.picklist(vaultKinds) },
  connection: optionalText,
  ...{ reference: text, session: text, why: reason },
  ...{ from: v.picklist(['vault', 'memory']), outcome: text, durationMs: number },
});

const sessionSchema = v.looseObject({
  ...place,
  ...{ outcome, created: count, restored: count, renewed: count, failed: count, durationMs: number },
  ...{ waiters: count, handedOut: count, signIns: count, store: text },
  ...{ errorCode: optionalText, notes: v.array(text) },
});

const eventSchema = v.looseObject({
  ...place,
  ...{ outcome, startedAtMs: time, durationMs: number, waiters: count, signIns: count, checks: count },
  failure: v.optional(v.object({ failed: text, known: optionalText, next: text })),
  ...{ errorCode: optionalText, notes: v.array(text) },
});

const useSchema = v.looseObject({
  ...place,
  ...{ test: text, project: text, worker: number, askedAtMs: time, waitedMs: number },
  ...{ outcome: useOutcome, errorCode: optionalText },
});

const readSchema = v.looseObject({
  ...{ reference: text, session: text, why: reason, isCode: v.boolean() },
  ...{ startedAtMs: time, durationMs: number, errorCode: optionalText },
});

const budgetSchema = v.looseObject({ connection: optionalText, sent: count, left: count });

/** Fields that a later version adds are kept. */
const summarySchema = v.looseObject({
  ...{ environment: text, store: text, startedAtMs: time, endedAtMs: time },
  ...{ warnings: v.optional(v.array(text)), sessions: v.array(sessionSchema) },
  ...{ events: v.array(eventSchema), uses: v.array(useSchema), vaultReads: v.array(readSchema) },
  vaultBudgets: v.optional(v.array(budgetSchema)),
  totals: v.looseObject({ signIns: count, vaultRequests: count, codes: count, handedOut: count }),
});

const position = v.pipe(v.number(), v.integer(), v.minValue(1));
const partSchema = v.looseObject({
  blobDigest: text,
  leakCheck: v.picklist(['clean', 'failed', 'not finished']),
  shard: v.nullable(v.object({ current: position, total: position })),
  summary: summarySchema,
  accesses: v.array(accessSchema),
});
