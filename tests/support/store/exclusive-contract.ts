import { expect } from '@playwright/test';
import { doubtReasons } from '../../../src/core/doubt-reason.js';
import type { Clock, SessionStore } from '../../../src/core/ports.js';
import type { SessionRecord } from '../../../src/core/sealed-session.js';
import { declareSession, flowWithoutCheck, stateOf, valuesOf } from '../declared-session.js';
import { createFakeClock, settle } from '../fake-clock.js';
import { createGate, createSessionBench, entry, errorOf, type SessionBench } from '../session-bench.js';
import { test } from './temporary-folder.js';

export type ExclusiveStoreFactory = (options: {
  readonly clock: Clock;
  /** Empty, and only of this test. */
  readonly folder: string;
}) => SessionStore | Promise<SessionStore>;

/** What the state of an exclusive session promises to its holders on several machines, over every store. */
export function testExclusiveState(name: string, createStore: ExclusiveStoreFactory): void {
  const withRuns = test.extend<{ runs: Runs }>({
    runs: async ({ folder }, use) => {
      const clock = createFakeClock();
      const store = await createStore({ clock, folder });
      const run = (runName: string, aheadMs = 0) =>
        createSessionBench({
          name: runName,
          clock: { ...clock, nowMs: () => clock.nowMs() + aheadMs },
          store: () => store,
        });
      await use({ run, store });
    },
  });
  withRuns.describe(name, () => {
    for (const why of doubtReasons)
      withRuns(`is checked once, by the next holder anywhere, after: ${why}`, async ({ runs: { run } }) => {
        const [first, second] = [run('first'), run('second')];
        await second.acquire(exclusive);
        const { id } = await hand(first);
        await first.pool.suspect(entry, id, { why, session });
        await giveBack(first, id, 'left');
        const [before, own] = [second.checks.length, first.checks.length];
        expect((await hand(second)).id).toBe(id);
        expect(second.checks).toHaveLength(before + 1);
        await giveBack(second, id, 'left by the second');
        await second.acquire(exclusive);
        expect([first.checks.length, second.checks.length]).toEqual([own, before + 1]);
      });

    withRuns('is renewed by the next holder after a doubt that no check can settle', async ({ runs }) => {
      const [first, second] = [runs.run('first'), runs.run('second')];
      const blind = { ...exclusive, flow: flowWithoutCheck };
      await second.acquire(blind);
      const { id } = await hand(first, blind);
      await giveBack(first, id, 'left', blind);
      await first.pool.suspect(entry, id, { why: 'signed-out', session: declareSession(blind) });
      expect(valuesOf((await second.acquire(blind)).state)).toEqual(['second-2']);
    });

    withRuns('is checked if a check of it never ended', async ({ runs: { run } }) => {
      const [first, second] = [run('first'), run('second')];
      await second.acquire(exclusive);
      const started = createGate();
      first.flows.check = async ({ signal }) => {
        started.open();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      };
      const checking = errorOf(first.acquire(exclusive));
      await started.passed;
      first.stop();
      await checking;
      await second.acquire(exclusive);
      expect(second.checks).toHaveLength(1);
    });

    withRuns('is the stored one, however far ahead a clock is', async ({ runs: { run, store } }) => {
      const [ahead, behind] = [run('ahead', 120_000), run('behind')];
      await ahead.acquire(exclusive);
      await store.remove(entry);
      const { id } = await hand(behind);
      await giveBack(behind, id, 'left');
      expect(valuesOf((await ahead.acquire(exclusive)).state)).toEqual(['left']);
      expect(ahead.creates).toHaveLength(1);
    });

    withRuns('is stored by a process that was restarted meanwhile', async ({ runs: { run } }) => {
      const { id } = await hand(run('before'));
      const restarted = run('after');
      expect(await giveBack(restarted, id, 'left')).toBe(true);
      const next = run('next');
      expect(valuesOf((await next.acquire(exclusive)).state)).toEqual(['left']);
    });

    withRuns('is not stored over another sign-in, nor where nothing is', async ({ runs: { run, store } }) => {
      const [first, second] = [run('first'), run('second')];
      const { id } = await hand(first);
      await store.remove(entry);
      expect(await errorOf(giveBack(first, id, 'late'))).toMatchObject({ code: 'ERR_STATE_REPLACED' });
      expect(await store.get(entry)).toBeUndefined();
      await second.acquire(exclusive);
      const stored = await store.get(entry);
      expect(await errorOf(giveBack(first, id, 'late'))).toMatchObject({ code: 'ERR_STATE_REPLACED' });
      expect(await store.get(entry)).toBe(stored);
    });

    withRuns('is not handed out to a holder that lost its use', async ({ runs: { run, store } }) => {
      const first = run('first');
      const record = await first.acquire(exclusive);
      const stored = await store.get(entry);
      const late = first.pool.handOut(first.request(exclusive), record, () => Promise.resolve(false));
      await expect(late).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
      expect(await store.get(entry)).toBe(stored);
    });

    withRuns('is removed by a sign-out only under its lease', async ({ runs: { run, store } }) => {
      const first = run('first');
      const { id } = await first.acquire(exclusive);
      const lease = await store.tryLease(`session:${entry}`, 60_000);
      const removing = first.pool.invalidate(entry, id);
      await settle();
      expect(await store.get(entry)).toBeDefined();
      await lease?.release();
      await first.clock.advance(1000);
      await removing;
      expect(await store.get(entry)).toBeUndefined();
    });
  });
}

interface Runs {
  /** Another process, whose clock may be ahead. */
  readonly run: (name: string, aheadMs?: number) => SessionBench;
  readonly store: SessionStore;
}

const exclusive = { exclusive: true, writeBack: 'test', checkAttempts: 1 } as const;
const session = declareSession(exclusive);
const isHeld = () => Promise.resolve(true);

async function hand(bench: SessionBench, own: Parameters<SessionBench['acquire']>[0] = exclusive) {
  const record: SessionRecord = await bench.acquire(own);
  await bench.pool.handOut(bench.request(own), record, isHeld);
  return record;
}

async function giveBack(
  { pool }: SessionBench,
  id: string,
  state: string,
  own: Parameters<SessionBench['acquire']>[0] = exclusive,
): Promise<boolean> {
  return pool.writeBackHeld({ key: entry, id, state: stateOf(state), session: declareSession(own), isHeld });
}
