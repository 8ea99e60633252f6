import type {
  RunSummary,
  SessionOutcome,
  SessionSummary,
  ShardSummary,
  VaultBudget,
} from '../../src/core/session-event.js';

/** A shard's summary with its label in the merged one. */
export interface LabelledSummary {
  readonly label: string;
  readonly summary: RunSummary;
}

/** One summary over several runs, in time by their machines' clocks. `missing` has the shards without a summary. */
export function mergeSummaries(
  runs: readonly [LabelledSummary, ...LabelledSummary[]],
  missing: readonly ShardSummary[] = [],
): RunSummary {
  const summaries = runs.map(({ summary }) => summary);
  const vaultBudgets = mergeBudgets(summaries);
  const warnings = withShards(runs.map(({ label, summary }) => ({ label, texts: summary.warnings ?? [] })));
  return {
    environment: joined(summaries.map(({ environment }) => environment)),
    store: joined(summaries.map(({ store }) => store)),
    startedAtMs: Math.min(...summaries.map(({ startedAtMs }) => startedAtMs)),
    endedAtMs: Math.max(...summaries.map(({ endedAtMs }) => endedAtMs)),
    ...(warnings.length > 0 && { warnings }),
    shards: [...runs.map(shardOf), ...missing].toSorted((one, other) => byLabel(one.label, other.label)),
    sessions: mergeSessions(runs),
    events: labelled(runs, ({ events }) => events).toSorted((one, other) => endOf(one) - endOf(other)),
    uses: labelled(runs, ({ uses }) => uses).toSorted(
      (one, other) => one.askedAtMs + one.waitedMs - (other.askedAtMs + other.waitedMs),
    ),
    vaultReads: labelled(runs, ({ vaultReads }) => vaultReads).toSorted(
      (one, other) => endOf(one) - endOf(other),
    ),
    ...(vaultBudgets.length > 0 && { vaultBudgets }),
    totals: {
      signIns: sum(summaries, ({ totals }) => totals.signIns),
      vaultRequests: sum(summaries, ({ totals }) => totals.vaultRequests),
      codes: sum(summaries, ({ totals }) => totals.codes),
      handedOut: sum(summaries, ({ totals }) => totals.handedOut),
    },
  };
}

function shardOf({ label, summary }: LabelledSummary): ShardSummary {
  const { environment, store, startedAtMs, endedAtMs, totals, vaultBudgets } = summary;
  return {
    ...{ label, environment, store, startedAtMs, endedAtMs, totals },
    ...(vaultBudgets && { vaultBudgets }),
  };
}

/** By connection: what all shards sent, and what their limits leave together. */
function mergeBudgets(summaries: readonly RunSummary[]): VaultBudget[] {
  const all = summaries.flatMap(({ vaultBudgets = [] }) => vaultBudgets);
  return [...new Set(all.map(({ connection }) => connection))].map((connection) => {
    const own = all.filter((one) => one.connection === connection);
    return {
      ...(connection !== undefined && { connection }),
      sent: sum(own, ({ sent }) => sent),
      left: sum(own, ({ left }) => left),
    };
  });
}

function labelled<Entry>(
  runs: readonly LabelledSummary[],
  of: (summary: RunSummary) => readonly Entry[],
): (Entry & { readonly shard: string })[] {
  return runs.flatMap(({ label, summary }) => of(summary).map((entry) => ({ ...entry, shard: label })));
}

/** A session with another base URL counts as another session, as in one run. */
function mergeSessions(runs: readonly LabelledSummary[]): SessionSummary[] {
  const groups = new Map<string, { label: string; session: SessionSummary }[]>();
  for (const { label, summary } of runs)
    for (const session of summary.sessions) {
      const place = JSON.stringify([session.session, session.baseURL]);
      groups.set(place, [...(groups.get(place) ?? []), { label, session }]);
    }
  return [...groups.values()].map(mergeSession);
}

function mergeSession(own: readonly { label: string; session: SessionSummary }[]): SessionSummary {
  const all = own.map(({ session }) => session);
  return {
    session: all[0]?.session ?? '',
    baseURL: all[0]?.baseURL,
    outcome: worstFirst.find((one) => all.some(({ outcome }) => outcome === one)) ?? 'restored',
    created: sum(all, ({ created }) => created),
    restored: sum(all, ({ restored }) => restored),
    renewed: sum(all, ({ renewed }) => renewed),
    failed: sum(all, ({ failed }) => failed),
    durationMs: sum(all, ({ durationMs }) => durationMs),
    waiters: sum(all, ({ waiters }) => waiters),
    handedOut: sum(all, ({ handedOut }) => handedOut),
    signIns: sum(all, ({ signIns }) => signIns),
    store: joined(all.map(({ store }) => store)),
    errorCode: all.find(({ errorCode }) => errorCode !== undefined)?.errorCode,
    notes: withShards(own.map(({ label, session }) => ({ label, texts: session.notes }))),
  };
}

/** Each text once, with the shards that have it. */
function withShards(own: readonly { label: string; texts: readonly string[] }[]): string[] {
  const shards = new Map<string, Set<string>>();
  for (const { label, texts } of own)
    for (const text of texts) shards.set(text, (shards.get(text) ?? new Set()).add(label));
  return [...shards].map(([text, labels]) => `${text} (shard ${[...labels].join(', ')})`);
}

function joined(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}

function sum<Entry>(all: readonly Entry[], of: (entry: Entry) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function endOf({ startedAtMs, durationMs }: { startedAtMs: number; durationMs: number }): number {
  return startedAtMs + durationMs;
}

/** `2/10` before `10/10`, in any locale. */
function byLabel(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

const worstFirst: readonly SessionOutcome[] = ['failed', 'created', 'renewed', 'restored'];
