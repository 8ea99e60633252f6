import { expect, test } from '@playwright/test';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { entryKey, entryParts } from '../../src/core/entry-key.js';
import type { SessionRecord } from '../../src/core/sealed-session.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { describeUnused } from '../../src/core/unused-reason.js';
import { findEarlier } from '../../src/session/find-earlier.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { declareSession, stateOf } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';
import { createSessionBench } from '../support/session-bench.js';

const url = 'https://app.example';
const clock = createFakeClock();
const nowMs = clock.nowMs();
const now = declareSession();
const editedFlow = declareSession({ flowDigest: 'edited' });
const otherReferences = declareSession({
  values: new Map([['username', parseSecretReference('op://qa/other/username')]]),
});

function createStore() {
  const store = createMemoryStore({ clock });
  return {
    store,
    open: (sealed: string) =>
      Promise.resolve({ ok: true as const, record: JSON.parse(sealed) as SessionRecord }),
    async keep(
      session: DeclaredSession,
      { baseURL = url, ageMs = 0, madeWith = entryParts(session, baseURL) } = {},
    ) {
      const [createdAtMs, checkedAtMs] = [nowMs - ageMs, nowMs];
      const record = {
        id: 'x',
        session: session.name,
        createdAtMs,
        checkedAtMs,
        madeWith,
        state: stateOf('x'),
      };
      await store.put(entryKey(session, baseURL), JSON.stringify(record));
    },
  };
}

async function find(session: DeclaredSession, bench: ReturnType<typeof createStore>) {
  const wanted = { session, baseURL: url, key: entryKey(session, url) };
  return findEarlier(wanted, { ...bench, nowMs });
}

test('an entry of an earlier flow, or of other references, says which of them has changed', async () => {
  const bench = createStore();
  expect(await find(now, bench)).toBeUndefined();
  await bench.keep(editedFlow);
  expect(await find(now, bench)).toBe('flow-changed');
  const other = createStore();
  await other.keep(otherReferences);
  expect(await find(now, other)).toBe('references-changed');
});

test('the latest entry counts', async () => {
  const bench = createStore();
  await bench.keep(editedFlow, { ageMs: 60_000 });
  await bench.keep(otherReferences, { ageMs: 1000 });
  expect(await find(now, bench)).toBe('references-changed');
});

test('an entry of another place, of another session, too old or without its parts does not count', async () => {
  const bench = createStore();
  await bench.keep(editedFlow, { baseURL: 'https://staging.example' });
  await bench.keep(declareSession({ name: 'customer', flowDigest: 'edited' }));
  await bench.keep(editedFlow, { ageMs: (now.ttlSeconds + 1) * 1000 });
  expect(await find(now, bench)).toBeUndefined();
  await bench.store.put(entryKey(editedFlow, url), '{"id":"x"}');
  expect(await find(now, bench)).toBeUndefined();
});

test('a store that fails has no earlier entry', async () => {
  const bench = createStore();
  const store = { ...bench.store, keys: () => Promise.reject(new Error('full')) };
  expect(await find(now, { ...bench, store })).toBeUndefined();
});

test('a sign-in says that the flow of the stored session has changed', async () => {
  const bench = createSessionBench();
  const keyOf = (session: Partial<DeclaredSession>) => entryKey(declareSession(session), url);
  await bench.take({ flowDigest: 'first' }, keyOf({ flowDigest: 'first' }));
  await bench.take({ flowDigest: 'second' }, keyOf({ flowDigest: 'second' }));
  expect(bench.events.map(({ outcome, notes }) => [outcome, notes])).toEqual([
    ['created', []],
    ['created', ['its stored session was not used: its flow has changed since']],
  ]);
  expect(describeUnused('references-changed')).toBe('its references have changed since');
});
