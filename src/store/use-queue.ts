import * as v from 'valibot';
import type { ResourceUses, UseAnswer, UseClaim } from '../core/use-store.js';
import { identityEntries, type ProcessIdentity } from '../files/process-identity.js';
import { maxClockSkewMs } from './lease-record.js';

/** Who uses one resource, and who waits for it. The script of the Redis adapter decides the same. */
export interface UseQueue {
  readonly resource: string;
  readonly slots: number;
  readonly held: readonly QueueEntry[];
  readonly waiting: readonly QueueEntry[];
}

interface QueueEntry {
  readonly ticket: string;
  /** 0 while it waits. */
  readonly slot: number;
  readonly holder: UseClaim['holder'];
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly ttlMs: number;
  /** The process that keeps the entry alive, where others can see that it died. */
  readonly keeper?: ProcessIdentity | undefined;
}

export interface QueueObserver {
  readonly nowMs: number;
  /** Whether the entry's process is known to be dead. */
  readonly isDead?: (keeper: ProcessIdentity) => boolean;
}

export function emptyQueue(resource: string): UseQueue {
  return { resource, slots: 0, held: [], waiting: [] };
}

/** Everybody ahead in the queue keeps a slot, so a slow one at its head holds nobody up. */
export function claimSlot(
  queue: UseQueue,
  claim: Omit<UseClaim, 'keeper'> & Pick<QueueEntry, 'keeper'>,
  observer: QueueObserver,
): { readonly queue: UseQueue; readonly answer: UseAnswer } {
  const { nowMs } = observer;
  const { ticket, holder, keeper, slots, ttlMs, waitTtlMs, onlySlot } = claim;
  const common = { ticket, holder, keeper };
  const live = withoutEnded(queue, observer, ticket);
  const own = live.held.find((one) => one.ticket === ticket);
  const waited = live.waiting.find((one) => one.ticket === ticket);
  const held = live.held.filter((one) => one !== own);
  const before = waited ? live.waiting.indexOf(waited) : live.waiting.length;
  const slot = chooseSlot(claim, { taken: new Set(held.map((one) => one.slot)), own: own?.slot, before });
  if (slot !== undefined) {
    const sinceMs = own?.slot === slot ? own.sinceMs : nowMs;
    const entry = { ...common, slot, sinceMs, untilMs: nowMs + ttlMs, ttlMs };
    return {
      queue: {
        ...live,
        slots,
        held: [...held, entry].sort((one, other) => one.slot - other.slot),
        waiting: live.waiting.filter((one) => one !== waited),
      },
      answer: { slot, sinceMs },
    };
  }
  if (onlySlot !== undefined)
    return { queue, answer: { position: 0, uses: describeQueue({ ...live, slots }, nowMs) } };
  const sinceMs = waited?.sinceMs ?? nowMs;
  const entry = { ...common, slot: 0, sinceMs, untilMs: nowMs + waitTtlMs, ttlMs: waitTtlMs };
  const waiting = waited
    ? live.waiting.map((one) => (one === waited ? entry : one))
    : [...live.waiting, entry];
  const next = { ...live, slots, held, waiting };
  return { queue: next, answer: { position: before + 1, uses: describeQueue(next, nowMs) } };
}

function chooseSlot(
  { slots, preferredSlot, onlySlot }: Pick<UseClaim, 'slots' | 'preferredSlot' | 'onlySlot'>,
  queue: {
    readonly taken: ReadonlySet<number>;
    readonly own: number | undefined;
    /** How many are ahead. */
    readonly before: number;
  },
): number | undefined {
  const { taken, own, before } = queue;
  const free = Array.from({ length: slots }, (_, n) => n + 1).filter((slot) => !taken.has(slot));
  if (own !== undefined && !taken.has(own)) return (onlySlot ?? own) === own ? own : undefined;
  if (onlySlot !== undefined) return free.find((slot) => slot === onlySlot);
  return before < free.length ? (free.find((slot) => slot === preferredSlot) ?? free[0]) : undefined;
}

/** `undefined` if the ticket has no slot any more. */
export function extendSlot(
  queue: UseQueue,
  { ticket, ttlMs, nowMs }: { readonly ticket: string; readonly ttlMs: number; readonly nowMs: number },
): UseQueue | undefined {
  if (!queue.held.some((one) => one.ticket === ticket)) return undefined;
  return {
    ...queue,
    held: queue.held.map((one) => (one.ticket === ticket ? { ...one, ttlMs, untilMs: nowMs + ttlMs } : one)),
  };
}

export function releaseSlot(queue: UseQueue, ticket: string): UseQueue {
  const others = (entries: readonly QueueEntry[]) => entries.filter((one) => one.ticket !== ticket);
  return { ...queue, held: others(queue.held), waiting: others(queue.waiting) };
}

/** `undefined` if nobody uses it or waits for it. */
export function readQueue(queue: UseQueue, observer: QueueObserver): ResourceUses | undefined {
  const live = withoutEnded(queue, observer);
  return isEmpty(live) ? undefined : describeQueue(live, observer.nowMs);
}

export function isEmpty({ held, waiting }: UseQueue): boolean {
  return held.length === 0 && waiting.length === 0;
}

export function formatQueue(queue: UseQueue): string {
  return `${JSON.stringify(queue)}\n`;
}

/** `undefined` if it is not a queue. */
export function parseQueue(text: string): UseQueue | undefined {
  try {
    const queue: unknown = JSON.parse(text);
    return v.is(queueSchema, queue) ? queue : undefined;
  } catch {
    return undefined;
  }
}

/** The entry of `ticket` stays, however late its holder is: nobody took its place. */
function withoutEnded(queue: UseQueue, { nowMs, isDead }: QueueObserver, ticket?: string): UseQueue {
  const isLive = ({ ticket: its, untilMs, ttlMs, keeper }: QueueEntry) => {
    if (its === ticket) return true;
    // An end further ahead than the claim is long was set before the clock was set back.
    if (untilMs <= nowMs || untilMs - nowMs > ttlMs + maxClockSkewMs) return false;
    return !keeper || !isDead?.(keeper);
  };
  return { ...queue, held: queue.held.filter(isLive), waiting: queue.waiting.filter(isLive) };
}

function describeQueue({ resource, slots, held, waiting }: UseQueue, nowMs: number): ResourceUses {
  return {
    resource,
    slots,
    held: held.map(({ holder, sinceMs, slot, untilMs }) => ({ holder, sinceMs, slot, untilMs })),
    waiting: waiting.map(({ holder, sinceMs }) => ({ holder, sinceMs })),
    nowMs,
  };
}

export const holderSchema = v.object({
  machine: v.string(),
  process: v.number(),
  project: v.optional(v.string()),
  worker: v.optional(v.number()),
});

/** As far as a Date goes. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const entrySchema = v.object({
  ticket: v.string(),
  slot: v.pipe(v.number(), v.integer()),
  holder: holderSchema,
  sinceMs: time,
  untilMs: time,
  ttlMs: time,
  keeper: v.optional(v.object(identityEntries)),
});
const queueSchema = v.object({
  resource: v.string(),
  slots: v.number(),
  held: v.array(entrySchema),
  waiting: v.array(entrySchema),
});
