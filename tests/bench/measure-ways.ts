import type { ConsultationsSuite, MeasuredRun, Way } from './consultations-suite.js';
import type { PartOptions } from './part.js';

/** What each way cost, round by round. The ways take turns, so that a busy machine is busy for all. */
export async function measureWays(
  suite: ConsultationsSuite,
  ways: readonly Way[],
  { tests, rounds, quick, progress }: PartOptions & { readonly tests: number },
): Promise<ReadonlyMap<Way, readonly MeasuredRun[]>> {
  progress('first runs, which are not counted');
  for (const way of firstRuns(ways, quick)) await suite.run(way, { tests: 1, round: 0 });
  const runs = new Map<Way, MeasuredRun[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= rounds; round += 1)
    for (const way of ways) {
      const run = await suite.run(way, { tests, round });
      runs.get(way)?.push(run);
      progress(`round ${round} of ${rounds}, ${way}: ${(run.wallMs / 1000).toFixed(1)} s`);
    }
  return runs;
}

/** They fill caches. Two must be: a warm run needs a session, and a run with a state file needs the setup project. */
function firstRuns(ways: readonly Way[], quick: boolean): readonly Way[] {
  const needed: Way[] = [...(ways.includes('file') ? (['setup'] as const) : []), 'warm'];
  return quick ? needed : [...needed, ...ways.filter((way) => !needed.includes(way))];
}
