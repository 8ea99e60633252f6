import type { RunSummary, SessionEvent, SessionOutcome, SessionSummary } from '../core/session-event.js';

export interface RunFacts {
  readonly environment: string;
  readonly store: string;
  readonly events: readonly SessionEvent[];
  /** How often each session was handed out, by `placeKey`. */
  readonly handedOut: ReadonlyMap<string, number>;
  readonly vaultRequests: number;
  readonly codes: number;
  readonly warnings?: readonly string[];
}

/** A run in numbers, by session and base URL. There are no values in it: there are none in what it is made of. */
export function summariseRun(facts: RunFacts): RunSummary {
  const groups = groupEvents(facts.events);
  return {
    environment: facts.environment,
    store: facts.store,
    ...(facts.warnings && facts.warnings.length > 0 && { warnings: [...facts.warnings] }),
    sessions: [...groups.values()].map((events) => summariseSession(events, facts)),
    totals: {
      signIns: sum(facts.events, ({ signIns }) => signIns),
      vaultRequests: facts.vaultRequests,
      codes: facts.codes,
      handedOut: [...facts.handedOut.values()].reduce((total, one) => total + one, 0),
    },
  };
}

/** One session is another where it is used with another base URL. */
export function placeKey({ session, baseURL }: { session: string; baseURL: string | undefined }): string {
  return JSON.stringify([session, baseURL]);
}

function groupEvents(events: readonly SessionEvent[]): Map<string, SessionEvent[]> {
  const groups = new Map<string, SessionEvent[]>();
  for (const event of events) groups.set(placeKey(event), [...(groups.get(placeKey(event)) ?? []), event]);
  return groups;
}

const worstFirst: readonly SessionOutcome[] = ['failed', 'created', 'renewed', 'restored'];

function summariseSession(events: readonly SessionEvent[], facts: RunFacts): SessionSummary {
  const count = (outcome: SessionOutcome) => events.filter((event) => event.outcome === outcome).length;
  const { session = '', baseURL } = events[0] ?? {};
  return {
    session,
    baseURL,
    outcome: worstFirst.find((outcome) => count(outcome) > 0) ?? 'restored',
    created: count('created'),
    restored: count('restored'),
    renewed: count('renewed'),
    failed: count('failed'),
    durationMs: sum(events, ({ durationMs }) => durationMs),
    waiters: sum(events, ({ waiters }) => waiters),
    handedOut: facts.handedOut.get(placeKey({ session, baseURL })) ?? 0,
    signIns: sum(events, ({ signIns }) => signIns),
    store: facts.store,
    errorCode: events.find(({ errorCode }) => errorCode !== undefined)?.errorCode,
    notes: events.flatMap(({ notes }) => notes),
  };
}

function sum(events: readonly SessionEvent[], of: (event: SessionEvent) => number): number {
  return events.reduce((total, event) => total + of(event), 0);
}
