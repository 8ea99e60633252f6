import { findOnPath } from '../../support/find-on-path.js';
import { withRedisServer } from '../../support/redis/redis-fixtures.js';
import { acquire, putLoadOn } from '../ask.js';
import { startBroker } from '../bench-broker.js';
import { formatFigure } from '../format-results.js';
import type { Goal, Part, PartOptions, PartResult } from '../part.js';
import { residentMemoryMB, peakMemoryMB } from '../process-tree.js';
import { createSimulatedProject } from '../simulated-project.js';
import { createSimulatedSite } from '../simulated-site.js';
import { quantile, seededRandom, spreadOf } from '../statistics.js';

/** What a broker costs: acquiring a warm session, its start, its memory. */
export const part: Part = { name: 'broker', title: 'The broker', usualRounds: 3, run };

const askerCounts = [1, 8, 64, 256];
const states = { small: 0, large: 5_000_000 } as const;
type StateName = keyof typeof states;
type Store = 'files' | 'Redis';

interface Figures {
  readonly p50: number[];
  readonly p99: number[];
  readonly perSecond: number[];
}

interface Measured {
  /** By store, state and askers. */
  readonly loads: Map<string, Figures>;
  readonly paced: number[];
  readonly starts: Record<Store, { ready: number[]; first: number[] }>;
  readonly memory: Record<StateName, { resident: number[]; peak: number[] }>;
}

async function run(options: PartOptions): Promise<PartResult> {
  const site = await createSimulatedSite();
  const sessions = Object.entries(states).map(([name, stateBytes]) => ({ name, stateBytes, waitMs: 0 }));
  const project = await createSimulatedProject({ siteUrl: site.url, sessions });
  const measured: Measured = {
    loads: new Map(),
    paced: [],
    starts: { files: { ready: [], first: [] }, Redis: { ready: [], first: [] } },
    memory: { small: { resident: [], peak: [] }, large: { resident: [], peak: [] } },
  };
  const stores: Store[] = findOnPath('redis-server') === undefined ? ['files'] : ['files', 'Redis'];
  try {
    await withRedis(stores, async (redisUrl) => {
      const urlOf = (store: Store) => (store === 'Redis' ? redisUrl : undefined);
      for (const store of stores) await measureRound(project.folder, urlOf(store), undefined);
      for (let round = 1; round <= options.rounds; round += 1)
        for (const store of stores) {
          options.progress(`round ${round} of ${options.rounds}, ${store}`);
          await measureRound(project.folder, urlOf(store), { store, round, options, measured });
        }
    });
  } finally {
    await project.remove();
    await site.close();
  }
  return resultOf(measured, stores);
}

async function withRedis(stores: readonly Store[], run: (url: string | undefined) => Promise<void>) {
  if (stores.includes('Redis')) await withRedisServer([], ({ url }) => run(url));
  else await run(undefined);
}

interface Round {
  readonly store: Store;
  readonly round: number;
  readonly options: PartOptions;
  readonly measured: Measured;
}

/** A broker for each state, so that its memory is of that state alone. Without `into`, signs in and fills caches. */
async function measureRound(suiteFolder: string, storeUrl: string | undefined, into: Round | undefined) {
  for (const state of Object.keys(states) as StateName[]) {
    if (state === 'large' && into && (into.round > 1 || into.store === 'Redis')) continue; // takes a minute
    const forkedMs = performance.now();
    const broker = await startBroker({ suiteFolder, storeUrl, simulatesBrowser: into === undefined });
    try {
      await acquire(broker.handleFile, state);
      const firstMs = performance.now() - forkedMs;
      if (!into) continue;
      if (state === 'small') {
        into.measured.starts[into.store].ready.push(broker.readyMs);
        into.measured.starts[into.store].first.push(firstMs);
      }
      await measureLoads(() => acquire(broker.handleFile, state), state, into);
      const pid = broker.process.pid ?? 0;
      into.measured.memory[state].resident.push(residentMemoryMB(pid));
      into.measured.memory[state].peak.push(peakMemoryMB(pid));
    } finally {
      await broker.stop();
    }
  }
}

async function measureLoads(ask: () => Promise<unknown>, state: StateName, into: Round): Promise<void> {
  const { store, round, measured, options } = into;
  const forMs = options.quick ? 50 : 2000;
  await putLoadOn(ask, { askers: 1, forMs: forMs / 2 }); // compiles what runs often
  for (const askers of options.quick ? askerCounts.slice(0, 2) : askerCounts) {
    const { latenciesMs, perSecond } = await putLoadOn(ask, { askers, forMs });
    const key = keyOf(store, state, askers);
    const figures = measured.loads.get(key) ?? { p50: [], p99: [], perSecond: [] };
    figures.p50.push(quantile(latenciesMs, 0.5));
    figures.p99.push(quantile(latenciesMs, 0.99));
    figures.perSecond.push(perSecond);
    measured.loads.set(key, figures);
  }
  if (state !== 'small') return;
  const askers = pacedAskers;
  const paced = { askers, forMs, pauseMs: 200, random: seededRandom(round) };
  measured.paced.push(quantile((await putLoadOn(ask, paced)).latenciesMs, 0.99));
}

function resultOf({ loads, paced, starts, memory }: Measured, stores: readonly Store[]): PartResult {
  const rows = [...loads].map(([key, { p50, p99, perSecond }]) => {
    const [store, state, askers] = key.split(' ');
    return [store ?? '', state ?? '', Number(askers), ...[p50, p99, perSecond].map(spreadOf)];
  });
  const seriesOf = (state: StateName) =>
    stores.map((store) => ({
      name: `${store}, ${state}`,
      points: askerCounts.flatMap((askers) => {
        const p99 = loads.get(keyOf(store, state, askers))?.p99;
        return p99 ? [[askers, quantile(p99, 0.5)] as const] : [];
      }),
    }));
  return {
    method:
      'A broker process of the built package, and askers in another process, each of which waits for its answer before ' +
      'it asks again. Sessions are warm: a `small` one has a cookie, a `large` one 5 MB of localStorage besides, with 1,250 tokens in it. A ' +
      "worker's request is whole: socket, JSON both ways, new secrets. A new broker's first session is read from the " +
      'store, opened, and checked by a request. `Large` is measured once, over files: a warm session asks no store.',
    goals: goalsOf({ loads, paced, starts, memory }),
    tables: [
      {
        title: 'Acquiring a warm session',
        columns: ['store', 'state', 'askers', 'p50, ms', 'p99, ms', 'per second'],
        rows,
      },
      {
        title: 'Start and memory',
        columns: ['', 'median (lowest–highest)'],
        rows: [
          ...stores.flatMap((store) => [
            [`${store}: fork to greeting, ms`, spreadOf(starts[store].ready)],
            [`${store}: fork to the first session, ms`, spreadOf(starts[store].first)],
          ]),
          ...Object.entries(memory).flatMap(([state, { resident, peak }]) => [
            [`${state} state: resident after all askers, MB`, spreadOf(resident)],
            [`${state} state: peak, MB`, spreadOf(peak)],
          ]),
          [`p99 of ${pacedAskers} askers that pause 200 ms, ms`, spreadOf(paced)],
        ],
      },
    ],
    plots: [
      {
        name: 'broker-latency',
        title: 'Acquiring a warm session: the slowest of 100 requests (p99)',
        x: { label: 'askers at the same time', scale: 'log' },
        y: { label: 'milliseconds', scale: 'log' },
        series: [...seriesOf('small'), ...seriesOf('large')].filter(({ points }) => points.length > 0),
      },
    ],
  };
}

function goalsOf({ loads, paced, starts, memory }: Measured): Goal[] {
  const p99 = quantile(loads.get(keyOf('files', 'small', pacedAskers))?.p99 ?? [], 0.5);
  const [pacedMs, readyMs, firstMs, residentMB] = [
    paced,
    starts.files.ready,
    starts.files.first,
    memory.small.resident,
  ].map((values) => quantile(values, 0.5)) as [number, number, number, number];
  return [
    {
      goal: `p99 under 5 ms with ${pacedAskers} askers that ask again at once`,
      measured: `${formatFigure(p99)} ms`,
      reached: p99 < 5,
    },
    {
      goal: `p99 under 5 ms with ${pacedAskers} askers that pause 200 ms between requests, as short tests do`,
      measured: `${formatFigure(pacedMs)} ms`,
      reached: pacedMs < 5,
    },
    {
      goal: 'fork to the first session under 250 ms',
      measured: `${formatFigure(firstMs)} ms; to the greeting ${formatFigure(readyMs)} ms`,
      reached: firstMs < 250,
    },
    {
      goal: 'resident under 120 MB after a warm load',
      measured: `${formatFigure(residentMB)} MB`,
      reached: residentMB < 120,
    },
  ];
}

function keyOf(store: Store, state: StateName, askers: number): string {
  return `${store} ${state} ${askers}`;
}

const pacedAskers = 64;
