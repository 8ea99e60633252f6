import { createConsultationsSuite, type MeasuredRun, type Way } from '../consultations-suite.js';
import { formatFigure } from '../format-results.js';
import { measureWays } from '../measure-ways.js';
import type { Goal, Part, PartOptions, PartResult } from '../part.js';
import { median, ratiosOf, spreadOf } from '../statistics.js';

/** A suite, signed in in six ways. */
export const part: Part = { name: 'suite', title: 'A suite', usualRounds: 2, run };

const ways: readonly Way[] = ['each', 'setup', 'file', 'globalSetup', 'cold', 'warm'];
const names: Readonly<Record<Way, string>> = {
  each: 'sign-in in each test',
  setup: "Playwright's setup project",
  file: 'its tests alone, with its state file',
  globalSetup: '`globalSetup` with @1password/sdk',
  cold: 'playwright-auth-sessions, cold',
  warm: 'playwright-auth-sessions, warm',
};
const workers = 2;

async function run(options: PartOptions): Promise<PartResult> {
  const tests = options.quick ? 2 : 100;
  const suite = await createConsultationsSuite({ workers, maxTests: tests, maxRounds: options.rounds + 1 });
  try {
    const runs = await measureWays(suite, ways, { tests, ...options });
    return resultOf(runs, tests);
  } finally {
    await suite.close();
  }
}

function resultOf(runs: ReadonlyMap<Way, readonly MeasuredRun[]>, tests: number): PartResult {
  const of = (way: Way, figure: (run: MeasuredRun) => number) => (runs.get(way) ?? []).map(figure);
  const wallMs = (way: Way) => of(way, (one) => one.wallMs);
  return {
    method:
      `${tests} tests of the consultations site, each of which opens a page and sees that it is signed in, with ${workers} workers. ` +
      'The ways take turns. Each sign-in has its own account, so that nobody waits for a fresh code. Without this package, ' +
      'passwords and seeds are in a file, except for `globalSetup`. Wall time includes the start of `playwright test`; ' +
      'processor time is that of all its processes, without the site and the vault, a 1Password server on loopback. ' +
      'Memory is the peak of the largest process of its kind.',
    goals: goalsOf(wallMs),
    tables: [
      {
        columns: ['', 'wall, s', 'processor, s', 'wall / each', 'sign-ins', 'vault requests'],
        rows: ways.map((way) => [
          names[way],
          spreadOf(wallMs(way).map((ms) => ms / 1000)),
          spreadOf(of(way, ({ cpuMs }) => cpuMs / 1000)),
          spreadOf(ratiosOf(wallMs(way), wallMs('each'))),
          median(of(way, ({ signIns }) => signIns)),
          median(of(way, ({ vaultRequests }) => vaultRequests)),
        ]),
      },
      {
        title: 'Peak memory, MB',
        columns: ['', 'runner', 'worker', 'broker'],
        rows: ways.map((way) => [
          names[way],
          ...(['runner', 'worker', 'broker'] as const).map((kind) => {
            const peaks = of(way, ({ peakMB }) => peakMB[kind]);
            return peaks.every((mb) => mb === 0) ? null : spreadOf(peaks);
          }),
        ]),
      },
    ],
    plots: [],
  };
}

function goalsOf(wallMs: (way: Way) => number[]): Goal[] {
  const goal = (words: string, ratios: readonly number[], most: number): Goal => {
    const ratio = median(ratios);
    return { goal: words, measured: `ratio ${formatFigure(ratio)}`, reached: ratio <= most };
  };
  return [
    goal("warm within 2 % of the setup project's tests", ratiosOf(wallMs('warm'), wallMs('file')), 1.02),
    goal('cold no slower than the setup project', ratiosOf(wallMs('cold'), wallMs('setup')), 1),
    ...(['cold', 'warm'] as const).map((way): Goal => {
      const times = median(ratiosOf(wallMs('each'), wallMs(way)));
      return {
        goal: `${way} at least 1.5 times faster than signing in each time`,
        measured: `${formatFigure(times)} times`,
        reached: times >= 1.5,
      };
    }),
  ];
}
