import { expect, test } from '@playwright/test';
import { createAccountUses } from '../../src/broker/account-uses.js';
import { createUseDesk } from '../../src/session/use-desk.js';
import { createMemoryUses } from '../../src/store/memory-uses.js';
import { declareSession } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';

test('a command that uses an exclusive session twice does not wait for itself, and holds it until both end', async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const uses = createMemoryUses({ clock });
  const useDesk = createUseDesk({
    ...{ uses, clock, signal: stop.signal },
    ...{ isAlive: () => true, onWait: () => undefined },
  });
  const solo = declareSession({ name: 'solo', exclusive: true, maxConcurrentUses: 1 });
  const own = createAccountUses({ sessions: new Map([['solo', solo]]), useDesk, machine: 'here' });
  const first = await own.requireUse(solo, [], undefined);
  const second = await own.requireUse(solo, [], undefined);
  expect(second).toBe(first);
  await own.release(first ?? '');
  expect(await uses.read()).toHaveLength(1);
  await own.release(second ?? '');
  expect(await uses.read()).toEqual([]);
  stop.abort();
});
