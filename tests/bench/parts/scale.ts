import { findOnPath } from '../../support/find-on-path.js';
import { createOnePasswordServer, login, type Fault } from '../../support/onepassword/index.js';
import { withRedisServer } from '../../support/redis/redis-fixtures.js';
import { anotherAccount, quickAccounts } from '../../support/signed-in-project.js';
import { count } from '../format-results.js';
import type { Part, PartOptions, PartResult, Plot, Table } from '../part.js';
import { createJudge } from '../scale/judge.js';
import { ask, startRedisPair } from '../scale/redis-pair.js';
import { runShards } from '../scale/run-shards.js';
import type { ShardFigures } from '../scale/shard.js';
import { createSimulatedProject, type SimulatedSession } from '../simulated-project.js';
import { createSimulatedSite } from '../simulated-site.js';
import { quantile, seededRandom } from '../statistics.js';

/** A simulated day of many shards over one Redis, and how its cost grows with them. */
export const part: Part = { name: 'scale', title: 'Many shards over one Redis', usualRounds: 1, run };

interface DaySize {
  readonly shards: number;
  readonly lanes: number;
  readonly workers: number;
  readonly acquires: number;
  readonly sessions: number;
  readonly accounts: number;
}

const fullDay: DaySize = { shards: 64, lanes: 8, workers: 8, acquires: 40, sessions: 1000, accounts: 200 };
const quickDay: DaySize = { shards: 2, lanes: 2, workers: 2, acquires: 5, sessions: 6, accounts: 3 };
const endChance = 0.02;
const killChance = 0.15;
const vaultFaultChance = 0.05;

async function run(options: PartOptions): Promise<PartResult> {
  if (findOnPath('redis-server') === undefined)
    throw new Error('Needs redis-server: sudo apt-get install redis-server');
  const size = options.quick ? quickDay : fullDay;
  const day = await runDay(size, options);
  const growth = await measureGrowth(options);
  return {
    method:
      `${size.shards} shards of ${size.workers} workers acquire ${size.sessions} sessions of ${size.accounts} accounts, chosen by ` +
      `chance: ${size.shards * size.workers * size.acquires} times. Each shard is a real broker of the built package, which reads ` +
      `a 1Password server on loopback with the real SDK, over a Redis with a replica and a Sentinel. ${size.lanes} shards run at ` +
      `the same time, the next begins when one ends. Each worker leases an account of a pool for itself. ` +
      'A sign-in is a request with a code, and a short wait. One use in ' +
      `${1 / endChance} ends its session. One vault request in ${1 / vaultFaultChance} fails. Some brokers are killed. Redis is ` +
      'restarted once, and fails over once. A second sign-in of a session that is alive, a code used twice, an account held twice and a request ' +
      'without an answer fail the benchmark, unless a killed broker or what Redis did not copy explains the sign-in. ' +
      'The growth below is without faults: each shard acquires one of 100 sessions 16 times, from an empty store on.',
    goals: [],
    tables: [day, growth.table],
    plots: growth.plots,
  };
}

async function runDay(size: DaySize, { progress }: PartOptions): Promise<Table> {
  const judge = createJudge({ codeLifeMs: 2000 * codePeriodSeconds });
  const random = seededRandom(1);
  const total = size.shards * size.workers * size.acquires;
  const redis = await startRedisPair();
  const vault = await openVault(size);
  const faults = scheduleFaults(total, { redis, judge, progress });
  const site = await createSimulatedSite({
    judge,
    endsAfterUse: () => random() < endChance,
    onUse: () => faults.onUse(),
  });
  const names = Array.from({ length: size.sessions }, (_, index) => `session${index}`);
  const sessions = names.map((name, index): SimulatedSession => {
    return { name, account: `account${index % size.accounts}`, waitMs: 30 };
  });
  const project = await createSimulatedProject({
    siteUrl: site.url,
    sessions,
    // Workers of a shard are one process here: one that waited would give back the accounts of the others.
    pool: Math.max(size.accounts, size.lanes * size.workers),
    local: false,
    options: "store: { sentinel: 'mymaster' }, onePassword: { deadlineSeconds: 60 },",
    sessionOptions: `totp: { periodSeconds: ${codePeriodSeconds} },`,
  });
  const startMs = performance.now();
  try {
    const figures = await runShards({
      ...size,
      suiteFolder: project.folder,
      siteUrl: site.url,
      sessions: names,
      storeUrl: redis.url,
      token: vault.token,
      hasPool: true,
      killChance,
      simulatesBrowser: true,
      withinMs: dayWithinMs,
      onShard: (ended) => {
        if (ended % Math.ceil(size.shards / 8) === 0)
          progress(`${ended} of ${size.shards} shards have ended`);
      },
    });
    const redisFaults = await faults.settled();
    const wallS = (performance.now() - startMs) / 1000;
    refuseViolations(judge.violations, figures);
    if (figures.length < size.shards || redisFaults < 2)
      throw new Error(
        `The day was cut short: ${figures.length} of ${size.shards} shards, ${redisFaults} of 2 faults of Redis.`,
      );
    return tableOfDay({ figures, judge, wallS, vaultRequests: vault.requests(), redisFaults });
  } finally {
    await project.remove();
    await site.close();
    await vault.close();
    await redis.close();
  }
}

/** The restart comes after 40 % of the uses, the failover after 70 %. */
function scheduleFaults(
  total: number,
  {
    redis,
    judge,
    progress,
  }: {
    readonly redis: Awaited<ReturnType<typeof startRedisPair>>;
    readonly judge: ReturnType<typeof createJudge>;
    readonly progress: PartOptions['progress'];
  },
) {
  let uses = 0;
  let happened = 0;
  let working = Promise.resolve();
  const schedule = new Map([
    [
      Math.floor(total * 0.4),
      async () => {
        progress('Redis restarts');
        await redis.restart();
      },
    ],
    [
      Math.floor(total * 0.7),
      async () => {
        progress('Redis fails over');
        let sinceMs = Date.now();
        await redis.failOver(() => (sinceMs = Date.now() - uncopiedMs));
        judge.storeLost({ sinceMs });
        progress('the replica is the main server');
      },
    ],
  ]);
  return {
    onUse() {
      const act = schedule.get((uses += 1));
      if (act) working = working.then(act).then(() => void (happened += 1));
    },
    /** How many of the two came, once they are over. */
    settled: () => working.then(() => happened),
  };
}

async function openVault({ accounts, lanes, workers }: DaySize) {
  const server = await createOnePasswordServer({ random: seededRandom(2) });
  const account = server.addAccount({ name: 'acme' });
  const automation = account.addVault({ title: 'automation' });
  for (let index = 0; index <= Math.max(accounts, lanes * workers); index += 1) {
    const name = `account${index}`;
    const { password, totp } = anotherAccount(quickAccounts.admin, name);
    const uri = `otpauth://totp/x?secret=${totp.secret}&period=${codePeriodSeconds}`;
    automation.addItem(login({ title: `consultations-${name}`, username: name, password, totp: uri }));
  }
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
  const kinds: readonly Fault[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'reset' },
  ];
  for (const kind of kinds) server.fault({ ...kind, probability: vaultFaultChance / kinds.length });
  return { token, requests: () => server.count(), close: () => server.close() };
}

function refuseViolations(violations: readonly string[], figures: readonly ShardFigures[]): void {
  const lost = figures.flatMap((one) =>
    one.lost.map((session) => `a request for "${session}" got no answer`),
  );
  const all = [...violations, ...lost];
  const errors = figures.flatMap(({ said }) => Object.values(said)).slice(0, 10);
  if (all.length > 0)
    throw new Error(
      `${count(all.length, 'violation')}:\n${[...all.slice(0, 20), 'Errors:', ...errors].join('\n')}`,
    );
}

function errorsOf(figures: readonly ShardFigures[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { errors } of figures)
    for (const [code, times] of Object.entries(errors)) sum[code] = (sum[code] ?? 0) + times;
  return sum;
}

function tableOfDay({
  figures,
  judge,
  wallS,
  vaultRequests,
  redisFaults,
}: {
  readonly figures: readonly ShardFigures[];
  readonly judge: ReturnType<typeof createJudge>;
  readonly wallS: number;
  readonly vaultRequests: number;
  readonly redisFaults: number;
}): Table {
  const latenciesMs = figures.flatMap((one) => one.latenciesMs);
  const sum = (of: (one: ShardFigures) => number) => figures.reduce((all, one) => all + of(one), 0);
  return {
    title: 'A day',
    columns: ['', 'figure'],
    rows: [
      ['shards', figures.length],
      ['uses of a session', judge.uses],
      ['sign-ins', judge.signIns],
      ['second sign-ins of a life, explained by a killed broker or by the failover', judge.excused],
      ['violations', judge.violations.length],
      ['states that had ended when they were used, and were replaced', sum((one) => one.dead)],
      ['requests answered with errors alone', sum((one) => one.failed)],
      ['brokers killed', sum((one) => one.kills)],
      ['restarts and failovers of Redis, of two', redisFaults],
      ['vault requests', vaultRequests],
      ...Object.entries(errorsOf(figures)).map(([code, times]) => [
        `answers that were ${code}, asked again`,
        times,
      ]),
      ['acquire, p50, ms', quantile(latenciesMs, 0.5)],
      ['acquire, p99, ms', quantile(latenciesMs, 0.99)],
      ['whole day, s', wallS],
    ],
  };
}

interface Grown {
  readonly shards: number;
  readonly requests: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly signIns: number;
}

/** The same work for each shard, without faults. */
async function measureGrowth({ quick, progress }: PartOptions): Promise<{ table: Table; plots: Plot[] }> {
  const work = quick ? { workers: 2, acquires: 2 } : { workers: 8, acquires: 2 };
  const names = Array.from({ length: quick ? 4 : 100 }, (_, index) => `session${index}`);
  const grown: Grown[] = [];
  for (const shards of quick ? [1, 2] : [1, 8, 64]) {
    progress(`${count(shards, 'shard')}, for how cost grows`);
    const judge = createJudge();
    const site = await createSimulatedSite({ judge });
    const project = await createSimulatedProject({
      siteUrl: site.url,
      sessions: names.map((name) => ({ name, waitMs: 30 })),
    });
    try {
      await withRedisServer([], async ({ url }) => {
        const figures = await runShards({
          ...work,
          ...{ shards, lanes: 8, suiteFolder: project.folder, siteUrl: site.url, sessions: names },
          ...{
            storeUrl: url,
            hasPool: false,
            killChance: 0,
            simulatesBrowser: true,
            withinMs: growthWithinMs,
          },
        });
        refuseViolations(judge.violations, figures);
        const acquired = figures.length * work.workers * work.acquires;
        const { requests, bytes } = trafficOf(url.replace('unix://', ''));
        const p50Ms = quantile(
          figures.flatMap((one) => one.latenciesMs),
          0.5,
        );
        grown.push({
          shards: figures.length,
          requests: requests / acquired,
          bytes: bytes / acquired,
          p50Ms,
          signIns: judge.signIns,
        });
      });
    } finally {
      await project.remove();
      await site.close();
    }
  }
  return resultOfGrowth(grown);
}

/** What the server has counted: scripts, which are all that the store runs, and bytes both ways. */
function trafficOf(socket: string): { requests: number; bytes: number } {
  const info = `${ask(socket, ['info', 'commandstats'])}\n${ask(socket, ['info', 'stats'])}`;
  const sum = (pattern: RegExp) =>
    [...info.matchAll(pattern)].reduce((all, [, found]) => all + Number(found), 0);
  return {
    requests: sum(/^cmdstat_(?:eval|evalsha|evalsha_ro|eval_ro|fcall):calls=(\d+)/gm),
    bytes: sum(/^total_net_(?:input|output)_bytes:(\d+)/gm),
  };
}

function resultOfGrowth(grown: readonly Grown[]): { table: Table; plots: Plot[] } {
  const points = (figure: keyof Grown) => grown.map((one) => [one.shards, one[figure]] as const);
  const x = { label: 'shards', scale: 'log' } as const;
  return {
    table: {
      title: 'How cost grows',
      columns: ['shards', 'requests to Redis per acquire', 'KB per acquire', 'acquire, p50, ms', 'sign-ins'],
      rows: grown.map((one) => [one.shards, one.requests, one.bytes / 1000, one.p50Ms, one.signIns]),
    },
    plots: [
      {
        name: 'scale-requests',
        title: 'Requests to Redis for an acquire',
        x,
        y: { label: 'requests', scale: 'linear' },
        series: [{ name: 'requests', points: points('requests') }],
      },
      {
        name: 'scale-bytes',
        title: 'Bytes to and from Redis for an acquire',
        x,
        y: { label: 'bytes', scale: 'linear' },
        series: [{ name: 'bytes', points: points('bytes') }],
      },
      {
        name: 'scale-time',
        title: 'Time of an acquire',
        x,
        y: { label: 'milliseconds (p50)', scale: 'linear' },
        series: [{ name: 'acquire', points: points('p50Ms') }],
      },
    ],
  };
}

/** Bounds for a machine that hangs: a day takes some 15 minutes on two cores. */
const dayWithinMs = 60 * 60_000;
const growthWithinMs = 10 * 60_000;
const codePeriodSeconds = 4;
/** The replica is never further behind. */
const uncopiedMs = 1000;
