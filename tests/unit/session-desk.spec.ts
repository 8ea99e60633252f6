import { expect, test } from '@playwright/test';
import { createSessionDesk, type SessionDesk } from '../../src/broker/session-desk.js';
import { createRedactor } from '../../src/core/redactor.js';
import type { SessionRecord } from '../../src/core/sealed-session.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { declareSession, stateOf, valuesOf } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';

const place = { baseURL: 'https://app.example', project: undefined };
const clock = createFakeClock();

function createBench(check: (values: readonly string[]) => void = () => undefined) {
  const store = createMemoryStore({ clock });
  const unused = () => Promise.reject(new Error('is not asked'));
  const desk = createSessionDesk({
    sessions: new Map([['admin', declareSession()]]),
    store,
    clock,
    signal: new AbortController().signal,
    seal: (record) => Promise.resolve(JSON.stringify(record)),
    open: (sealed) => Promise.resolve({ ok: true, record: JSON.parse(sealed) as SessionRecord }),
    newId: () => 'new',
    flows: {
      create: unused,
      check({ from }) {
        check(valuesOf(from));
        return Promise.resolve({ signedIn: true, state: stateOf(`${valuesOf(from).join()} checked`) });
      },
    },
    pool: { retire: () => undefined },
    vault: { readCode: unused },
    redactor: createRedactor(),
    onState: () => undefined,
  });
  const keep = (key: string, id: string) => {
    const nowMs = clock.nowMs();
    const record = { id, session: 'admin', createdAtMs: nowMs, checkedAtMs: nowMs, state: stateOf(id) };
    return store.put(key, JSON.stringify(record));
  };
  const stored = async (key: string) => JSON.parse((await store.get(key)) ?? 'null') as SessionRecord | null;
  return { desk, store, keep, stored };
}

async function entryOf(desk: SessionDesk) {
  const [entry] = await desk.entries([place]);
  if (!entry) throw new Error('there is no entry');
  return entry;
}

test('checks what a run has stored meanwhile, and never puts the older state in its place', async () => {
  const checked: (readonly string[])[] = [];
  const { desk, keep, stored } = createBench((values) => void checked.push(values));
  const { key } = await entryOf(desk);
  await keep(key, 'older');
  const entry = await entryOf(desk);
  await keep(key, 'renewed');
  expect(await desk.check(entry)).toMatchObject({ signedIn: true, checks: 1 });
  expect(checked).toEqual([['renewed']]);
  expect(await stored(key)).toMatchObject({ id: 'renewed', state: stateOf('renewed checked') });
});

test('finds nothing signed in where the session was removed meanwhile, and brings nothing back', async () => {
  const { desk, keep, store } = createBench(() => expect(true, 'no check is asked').toBe(false));
  const { key } = await entryOf(desk);
  await keep(key, 'older');
  const entry = await entryOf(desk);
  await store.remove(key);
  expect(await desk.check(entry)).toEqual({ signedIn: false, checks: 0, notes: [] });
  expect(await store.keys()).toEqual([]);
});

test('tells and removes what no session of now would use', async () => {
  const { desk, keep, store } = createBench();
  const { key } = await entryOf(desk);
  const earlier = `admin-${'0'.repeat(32)}`;
  for (const one of [key, earlier, 'made-by-hand']) await keep(one, 'some');
  const others = await desk.others(await desk.entries([place]));
  expect(others.map(({ name }) => name)).toEqual(['admin', undefined]);
  for (const other of others) await other.remove();
  expect(await store.keys()).toEqual([key]);
});
