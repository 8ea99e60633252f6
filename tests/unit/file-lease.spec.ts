import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { claimFileLease, sweepFileLeases, type FileLeaseContext } from '../../src/store/file-lease.js';
import { hashLeaseName } from '../../src/store/lease-files.js';
import { isHeld, type LeaseRecord } from '../../src/store/lease-record.js';
import { propertyRuns } from '../support/property-runs.js';
import { createFakeClock, type FakeClock } from '../support/store/fake-clock.js';
import { createMemoryLeaseFiles, formatFile } from '../support/store/memory-lease-files.js';

const name = 'sign-in';
const ttlMs = 60_000;
const startMs = 1_000_000_000;

const released: LeaseRecord = {
  owner: 'long gone',
  host: 'host',
  pid: 1,
  ttlMs,
  expiresAtMs: 0,
  released: true,
  outlivesHolder: false,
};

test.describe('in any order of the file operations of several processes', () => {
  test('at most one process holds a lease', async () => {
    test.setTimeout(120_000);
    const scenario = fc.record({
      claimers: fc.array(fc.array(fc.constantFrom('release', 'extend', 'die'), { maxLength: 3 }), {
        minLength: 2,
        maxLength: 4,
      }),
      sweepers: fc.nat(2),
      leaps: fc.array(fc.constantFrom(ttlMs, 2 * 60 * 60_000), { maxLength: 2 }),
      leftovers: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
    });
    const property = fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, situation) => {
      const world = createWorld(scheduler, situation.leftovers);
      const processes = [
        ...situation.claimers.map(async (deeds) => claimAgainAndAgain(world, deeds)),
        ...Array.from({ length: situation.sweepers }, async () => sweepFileLeases(world.process())),
        ...situation.leaps.map(async (ms) => world.letTimePass(ms)),
      ];
      await scheduler.waitFor(Promise.all(processes));
      return world.mostHoldersAtOnce() <= 1;
    });
    await fc.assert(property, { numRuns: propertyRuns(5000) });
  });

  test('one of the processes that claim a free lease gets it, when nothing else happens', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 5 }),
      async (scheduler, n) => {
        const world = createWorld(scheduler, [3]);
        const claims = Array.from({ length: n }, async () =>
          claimFileLease(world.process(), { name, ttlMs }),
        );
        const leases = await scheduler.waitFor(Promise.all(claims));
        expect(leases.filter(Boolean)).toHaveLength(1);
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(300) });
  });
});

test('no claim of others takes a lease from a holder whose time has not passed', async () => {
  test.setTimeout(120_000);
  const deeds = fc.array(fc.constantFrom('release', 'extend'), { minLength: 4, maxLength: 12 });
  const scenario = fc.array(deeds, { minLength: 5, maxLength: 8 });
  const property = fc.asyncProperty(fc.scheduler(), scenario, async (scheduler, situation) => {
    const world = createWorld(scheduler, [3]);
    await scheduler.waitFor(Promise.all(situation.map(async (one) => claimAgainAndAgain(world, one))));
    return world.losses() === 0;
  });
  await fc.assert(property, { numRuns: propertyRuns(5000) });
});

test('a claim that finds a listed file gone gives up, and creates no newer file', async () => {
  const files = new Map([[formatFile({ hash: hashLeaseName(name), generation: 1 }), released]]);
  const memory = createMemoryLeaseFiles(files, async (act) => Promise.resolve(act()));
  const context = {
    files: { ...memory, read: async () => Promise.resolve(undefined) },
    clock: createFakeClock(startMs),
    randomId: () => 'owner',
    host: 'host',
    isProcessAlive: () => true,
  };
  expect(await claimFileLease(context, { name, ttlMs })).toBeUndefined();
  expect(files.size).toBe(1);
});

test.describe('a lease record', () => {
  const here = { nowMs: 1000, host: 'host', isProcessAlive: () => true };
  const record = { ...released, released: false, expiresAtMs: 1001 };

  test('is held until its end by a living process', () => {
    expect(isHeld(record, here)).toBe(true);
    expect(isHeld(record, { ...here, nowMs: 1001 })).toBe(false);
    expect(isHeld({ ...record, released: true }, here)).toBe(false);
  });

  test('is not held by a process that is known to be dead', () => {
    const asked: number[] = [];
    const isProcessAlive = (pid: number) => asked.push(pid) < 0;
    expect(isHeld({ ...record, pid: 7 }, { ...here, isProcessAlive })).toBe(false);
    expect(isHeld({ ...record, pid: 8 }, { ...here, isProcessAlive, host: 'elsewhere' })).toBe(true);
    expect(isHeld({ ...record, pid: 9, outlivesHolder: true }, { ...here, isProcessAlive })).toBe(true);
    expect(asked).toEqual([7]);
  });
});

interface World {
  /** A separate process, which shares only the files and the time. */
  process(): FileLeaseContext & { clock: FakeClock; dead: () => void };
  letTimePass(ms: number): Promise<void>;
  hold(holder: object, untilMs: number): void;
  letGo(holder: object): void;
  mostHoldersAtOnce(): number;
  /** Called when a holder could not extend its lease. */
  lose(holder: object): void;
  losses(): number;
}

function createWorld(scheduler: fc.Scheduler, leftovers: readonly number[]): World {
  const clock = createFakeClock(startMs);
  const hash = hashLeaseName(name);
  const leftover = leftovers.map((generation) => [formatFile({ hash, generation }), released] as const);
  const files = new Map<string, LeaseRecord>(leftover);
  const holders = new Map<object, number>();
  let nextId = 0;
  let most = 0;
  let losses = 0;
  return {
    process: () => {
      let alive = true;
      const atItsMoment = async <T>(act: () => T): Promise<T> => {
        await scheduler.schedule(Promise.resolve());
        if (!alive) return new Promise<T>(() => undefined);
        return act();
      };
      return {
        files: createMemoryLeaseFiles(files, atItsMoment),
        clock,
        randomId: () => `owner ${nextId++}`,
        host: 'host',
        isProcessAlive: () => true,
        dead: () => {
          alive = false;
        },
      };
    },
    letTimePass: async (ms) => {
      await scheduler.schedule(Promise.resolve());
      clock.advance(ms);
    },
    hold: (holder, untilMs) => {
      holders.set(holder, untilMs);
      const now = [...holders.values()].filter((endMs) => clock.nowMs() < endMs);
      most = Math.max(most, now.length);
    },
    letGo: (holder) => void holders.delete(holder),
    mostHoldersAtOnce: () => most,
    lose: (holder) => {
      losses += 1;
      holders.delete(holder);
    },
    losses: () => losses,
  };
}

/** Claims once for each deed, and does it with the lease; holds it only for the time it knows it has. */
async function claimAgainAndAgain(world: World, deeds: readonly string[]): Promise<void> {
  for (const deed of deeds) {
    const context = world.process();
    const claimedAtMs = context.clock.nowMs();
    const lease = await claimFileLease(context, { name, ttlMs });
    if (!lease) continue;
    world.hold(lease, claimedAtMs + ttlMs);
    await world.letTimePass(0);
    if (deed === 'extend') {
      const extendedAtMs = context.clock.nowMs();
      if (await lease.extend(ttlMs)) world.hold(lease, extendedAtMs + ttlMs);
      else world.lose(lease);
    }
    if (deed === 'die') {
      context.dead();
      return;
    }
    world.letGo(lease);
    await lease.release();
  }
}
