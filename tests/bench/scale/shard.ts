import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AuthSessionsError } from '../../../src/core/errors.js';
import { askBroker } from '../../../src/wire/ask-broker.js';
import { acquire } from '../ask.js';
import { poolName } from '../simulated-project.js';
import { startBroker, type BenchBroker, type BenchBrokerOptions } from '../bench-broker.js';
import { seededRandom } from '../statistics.js';

/** One shard: a run with its own broker, and workers that acquire sessions. */
export interface ShardOptions extends BenchBrokerOptions {
  readonly shard: number;
  readonly siteUrl: string;
  /** Names that workers choose from by chance. */
  readonly sessions: readonly string[];
  readonly workers: number;
  /** How often each worker acquires. */
  readonly acquires: number;
  /** Whether each worker also leases an account of the pool. */
  readonly hasPool: boolean;
  /** The chance that this shard's broker is killed once. */
  readonly killChance: number;
}

export interface ShardFigures {
  readonly latenciesMs: readonly number[];
  /** Answers that were errors, by code. The worker then asks again, as a retried test does. */
  readonly errors: Readonly<Record<string, number>>;
  /** The first message of each code. */
  readonly said: Readonly<Record<string, string>>;
  /** States that had ended between the check and the use. */
  readonly dead: number;
  /** Requests without an answer within the limit. */
  readonly lost: readonly string[];
  /** Requests that were answered with errors alone: a failure is remembered for a run. */
  readonly failed: number;
  readonly kills: number;
}

const answerWithinMs = 150_000;
const attempts = 6;

export async function runShard(options: ShardOptions): Promise<ShardFigures> {
  const random = seededRandom(options.shard + 1);
  const total = options.workers * options.acquires;
  const killAt = random() < options.killChance ? Math.floor(random() * total) : undefined;
  const broker = await startBroker(options);
  const kept = {
    latenciesMs: [] as number[],
    errors: {} as Record<string, number>,
    said: {} as Record<string, string>,
    dead: 0,
    lost: [] as string[],
    failed: 0,
  };
  let asked = 0;
  let kills = 0;

  function note(error: unknown): void {
    const code = error instanceof AuthSessionsError ? error.code : String(error);
    kept.errors[code] = (kept.errors[code] ?? 0) + 1;
    kept.said[code] ??= error instanceof Error ? error.message : String(error);
  }

  async function serve(session: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const startMs = performance.now();
      const acquired = await withLimit(acquire(broker.handleFile, session)).catch((error: unknown) => {
        if (error === noAnswer) kept.lost.push(session);
        note(error);
      });
      if (!acquired) {
        await delay(retryPauseMs);
        continue;
      }
      kept.latenciesMs.push(performance.now() - startMs);
      const [cookie] = acquired.state.playwright.cookies;
      const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
      if ((await fetch(`${options.siteUrl}/${session}/use`, { headers })).ok) return;
      kept.dead += 1;
      const { key, id } = acquired;
      const about = { handleFile: broker.handleFile, hasRunner: () => true };
      await withLimit(askBroker('/suspect', { key, id, why: 'signed-out' }, about));
    }
    kept.failed += 1;
  }

  async function work(lane: number): Promise<void> {
    const account = options.hasPool ? createWorkersAccount({ ...options, broker, lane }) : undefined;
    for (let left = options.acquires; left > 0; left -= 1) {
      if (asked++ === killAt) kills += await kill(broker, options.siteUrl);
      await account?.keep().catch(note);
      await serve(options.sessions[Math.floor(random() * options.sessions.length)] ?? '');
    }
    await account?.giveBack().catch(note);
  }

  try {
    await Promise.all(Array.from({ length: options.workers }, (_, lane) => work(lane)));
  } finally {
    await broker.stop();
  }
  return { ...kept, kills };
}

/** A worker's account of the pool, which it asks for before each test: a new broker keeps it then. */
function createWorkersAccount({
  broker,
  shard,
  siteUrl,
  lane,
}: ShardOptions & { broker: BenchBroker; lane: number }) {
  const ticket = `shard-${shard}-worker-${lane}-${randomUUID()}`;
  const about = { handleFile: broker.handleFile, hasRunner: () => true };
  let held: number | undefined;
  const report = async (act: 'hold' | 'release', account: number) => {
    const body = JSON.stringify({ account, by: ticket });
    await fetch(`${siteUrl}/pool/${act}`, { method: 'POST', body });
  };
  const take = async (): Promise<number> => {
    for (;;) {
      const message = { session: poolName, scope: 'worker', ticket, uses: [], lane } as const;
      const answer = await withLimit(askBroker('/use', message, about));
      if ('slot' in answer) return answer.slot;
      if ('skip' in answer) throw new Error(answer.skip);
    }
  };
  return {
    async keep() {
      const slot = await take().catch(async (error: unknown) => {
        // A test would fail here, so nobody works with the account now.
        if (held !== undefined) await report('release', held);
        held = undefined;
        throw error;
      });
      if (held === slot) return;
      if (held !== undefined) await report('release', held);
      held = slot;
      await report('hold', slot);
    },
    async giveBack() {
      if (held !== undefined) await report('release', held);
      held = undefined;
      await withLimit(askBroker('/end-use', { tickets: [ticket] }, about));
    },
  };
}

/** The site hears of it first: it then knows which sign-ins may be lost. */
async function kill(broker: BenchBroker, siteUrl: string): Promise<number> {
  const body = JSON.stringify({ pid: broker.process.pid });
  await fetch(`${siteUrl}/killed`, { method: 'POST', body });
  await broker.restart();
  return 1;
}

async function withLimit<Result>(work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const late = delay(answerWithinMs, undefined, { signal: timer.signal }).then(() => {
    throw noAnswer;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

const noAnswer = new Error('no answer');
const retryPauseMs = 500;
