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
}

/** A run in numbers, by session and base URL. Contains no values, because its sources contain none. */
export function summariseRun(facts: RunFacts): RunSummary {
  const groups = groupByPlace(facts.events);
  const handedOut = facts.uses.filter(({ outcome }) => outcome !== 'failed');
  const handedOutOf = groupByPlace(handedOut);
  return {
    environment: facts.environment,
    store: facts.store,
    startedAtMs: facts.startedAtMs,
    endedAtMs: facts.endedAtMs,
    ...(facts.warnings && facts.warnings.length > 0 && { warnings: [...facts.warnings] }),
    sessions: [...groups].map(([place, events]) =>
      summariseSession(events, handedOutOf.get(place)?.length ?? 0, facts.store),
    ),
    events: facts.events,
    uses: facts.uses,
    vaultReads: facts.accesses
      .filter(({ from }) => from === 'vault')
      .map((access) => readOf(access, facts.codeReferences)),
    ...(facts.vaultBudgets && facts.vaultBudgets.length > 0 && { vaultBudgets: facts.vaultBudgets }),
    totals: {
      signIns: sum(facts.events, ({ signIns }) => signIns),
      vaultRequests: facts.vaultRequests,
      codes: facts.codes,
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
