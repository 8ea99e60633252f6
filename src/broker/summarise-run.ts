import type {
  RunSummary,
  SessionEvent,
  SessionOutcome,
  SessionSummary,
  SessionUse,
  VaultBudget,
  VaultRead,
} from '../core/session-event.js';
import type { VaultAccess } from '../core/vault-access.js';

export interface RunFacts {
  readonly environment: string;
  readonly store: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly events: readonly SessionEvent[];
  readonly uses: readonly SessionUse[];
  readonly accesses: readonly VaultAccess[];
  /** References that give codes, in the form sent to the vault. */
  readonly codeReferences: ReadonlySet<string>;
  readonly vaultRequests: number;
  readonly vaultBudgets?: readonly VaultBudget[];
  readonly codes: number;
  readonly warnings?: readonly string[];
  /** The summary of earlier runs in the same process. */
  readonly earlier?: RunSummary | undefined;
}

/** A run in numbers, by session and base URL. Contains no values, because its sources contain none. */
export function summariseRun(facts: RunFacts): RunSummary {
  const { earlier } = facts;
  const events = [...(earlier?.events ?? []), ...facts.events];
  const uses = [...(earlier?.uses ?? []), ...facts.uses];
  const warnings = [...new Set([...(earlier?.warnings ?? []), ...(facts.warnings ?? [])])];
  const groups = groupByPlace(events);
  const handedOut = uses.filter(({ outcome }) => outcome !== 'failed');
  const handedOutOf = groupByPlace(handedOut);
  const reads = facts.accesses
    .filter(({ from }) => from === 'vault')
    .map((access) => readOf(access, facts.codeReferences));
  return {
    environment: facts.environment,
    store: facts.store,
    startedAtMs: earlier?.startedAtMs ?? facts.startedAtMs,
    endedAtMs: facts.endedAtMs,
    ...(warnings.length > 0 && { warnings }),
    sessions: [...groups].map(([place, ofPlace]) =>
      summariseSession(ofPlace, handedOutOf.get(place)?.length ?? 0, facts.store),
    ),
    events,
    uses,
    vaultReads: [...(earlier?.vaultReads ?? []), ...reads],
    ...(facts.vaultBudgets && facts.vaultBudgets.length > 0 && { vaultBudgets: facts.vaultBudgets }),
    totals: {
      signIns: sum(events, ({ signIns }) => signIns),
      vaultRequests: (earlier?.totals.vaultRequests ?? 0) + facts.vaultRequests,
      codes: (earlier?.totals.codes ?? 0) + facts.codes,
      handedOut: handedOut.length,
    },
  };
}

/** A session with another base URL counts as another session. */
function groupByPlace<Entry extends { session: string; baseURL: string | undefined }>(
  entries: readonly Entry[],
): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const place = JSON.stringify([entry.session, entry.baseURL]);
    const group = groups.get(place);
    if (group) group.push(entry);
    else groups.set(place, [entry]);
  }
  return groups;
}

const worstFirst: readonly SessionOutcome[] = ['failed', 'created', 'renewed', 'restored'];

function summariseSession(events: readonly SessionEvent[], handedOut: number, store: string): SessionSummary {
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
    handedOut,
    signIns: sum(events, ({ signIns }) => signIns),
    store,
    errorCode: events.find(({ errorCode }) => errorCode !== undefined)?.errorCode,
    notes: events.flatMap(({ notes }) => notes),
  };
}

function readOf(
  { reference, session, why, outcome, when, durationMs }: VaultAccess,
  codeReferences: ReadonlySet<string>,
): VaultRead {
  return {
    reference,
    session,
    why,
    isCode: codeReferences.has(reference),
    startedAtMs: Date.parse(when) - durationMs,
    durationMs,
    ...(outcome !== 'resolved' && { errorCode: outcome }),
  };
}

function sum(events: readonly SessionEvent[], of: (event: SessionEvent) => number): number {
  return events.reduce((total, event) => total + of(event), 0);
}
