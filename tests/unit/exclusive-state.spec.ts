import { expect, test } from '@playwright/test';
import { declareSession, flowWithoutCheck, stateOf, valuesOf } from '../support/declared-session.js';
import { createSessionBench, entry } from '../support/session-bench.js';

const exclusive = { exclusive: true, writeBack: 'test' } as const;
const held = () => Promise.resolve(true);

/** Two runs that share a store, as two shards do. */
function createRuns() {
  const first = createSessionBench({ name: 'first' });
  return { first, second: createSessionBench({ name: 'second', sharing: first }) };
}

test('a holder on another machine gets the state that the holder before left, without a check', async () => {
  const { first, second } = createRuns();
  await second.take(exclusive);
  const one = await first.take(exclusive);
  await first.pool.handOut(first.request(exclusive), one, held);
  await first.pool.writeBackHeld({
    ...{ key: entry, id: one.id, session: declareSession(exclusive) },
    ...{ state: stateOf('rotated'), isHeld: held },
  });
  const before = second.checks.length;
  expect(valuesOf((await second.take(exclusive)).state)).toEqual(['rotated']);
  expect(second.checks).toHaveLength(before);
  expect(first.creates.length + second.creates.length).toBe(1);
});

test('a state that its holder never wrote back is checked before the next one gets it', async () => {
  const { first, second } = createRuns();
  await second.take(exclusive);
  const one = await first.take(exclusive);
  await first.pool.handOut(first.request(exclusive), one, held);
  const before = second.checks.length;
  await second.take(exclusive);
  expect(second.checks).toHaveLength(before + 1);
});

test('without a check, a state that was never written back is replaced by a new sign-in', async () => {
  const { first, second } = createRuns();
  const blind = { ...exclusive, flow: flowWithoutCheck };
  const one = await first.take(blind);
  await first.pool.handOut(first.request(blind), one, held);
  expect(valuesOf((await second.take(blind)).state)).toEqual(['second-1']);
});

test('a holder that lost its use cannot write, and its caller knows', async () => {
  const { first } = createRuns();
  const one = await first.take(exclusive);
  const late = first.pool.writeBackHeld({
    ...{ key: entry, id: one.id, session: declareSession(exclusive) },
    state: stateOf('late'),
    isHeld: () => Promise.resolve(false),
  });
  await expect(late).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
  expect(valuesOf((await first.stored())!.state)).toEqual(['first-1']);
});

test('a holder is asked under the lease whether it still has its use', async () => {
  const { first } = createRuns();
  const one = await first.take(exclusive);
  const left = first.pool.writeBackHeld({
    ...{ key: entry, id: one.id, session: declareSession(exclusive), state: stateOf('left') },
    isHeld: async () => (await first.store.tryLease(`session:${entry}`, 1000)) === undefined,
  });
  expect(await left).toBe(true);
});

test('a session that somebody removed from the store is checked', async () => {
  const { first } = createRuns();
  await first.take(exclusive);
  const before = first.checks.length;
  await first.store.remove(entry);
  await first.take(exclusive);
  expect(first.checks).toHaveLength(before + 1);
});
