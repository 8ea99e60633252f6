import { createConsultationsSuite, type MeasuredRun, type Way } from '../consultations-suite.js';
import { formatFigure } from '../format-results.js';
import { measureWays } from '../measure-ways.js';
import type { Part, PartOptions, PartResult } from '../part.js';
import { median, spreadOf } from '../statistics.js';

/** What this package adds to a warm run of a single test. */
export const part: Part = { name: 'one-test', title: 'One test', usualRounds: 7, run };

async function run(options: PartOptions): Promise<PartResult> {
  const { rounds } = options;
  const suite = await createConsultationsSuite({ workers: 1, maxTests: 1, maxRounds: rounds + 1 });
  try {
    const runs = await measureWays(suite, ['file', 'warm'], { ...options, tests: 1 });
    return resultOf(runs);
  } finally {
    await suite.close();
  }
}

function resultOf(runs: ReadonlyMap<Way, readonly MeasuredRun[]>): PartResult {
  const of = (way: Way, figure: (run: MeasuredRun) => number) => (runs.get(way) ?? []).map(figure);
  const row = (name: string, figure: (run: MeasuredRun) => number) => {
    const [bare, ours] = [of('file', figure), of('warm', figure)];
    const more = ours.map((value, round) => value - (bare[round] ?? NaN));
    return { cells: [name, ...[bare, ours, more].map(spreadOf)], moreS: median(more) };
  };
  const wall = row('wall, s', ({ wallMs }) => wallMs / 1000);
  const processor = row('processor, s', ({ cpuMs }) => cpuMs / 1000);
  return {
    method:
      'One test that opens a page, in one worker: with a state file, and with this package and a session from its store. ' +
      'The two take turns; the difference is that of each turn.',
    goals: [
      {
        goal: 'at most 1.0 s of processor time more',
        measured: `${formatFigure(processor.moreS)} s`,
        reached: processor.moreS <= 1,
      },
    ],
    tables: [{ columns: ['', 'state file', 'warm', 'more'], rows: [wall.cells, processor.cells] }],
    plots: [],
  };
}
