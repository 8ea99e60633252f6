import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { freshnessOf } from '../../src/core/entry-freshness.js';
import type { SessionRecord } from '../../src/core/sealed-session.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createSessionDesk, type SessionDesk } from '../../src/session/session-desk.js';
import { leaseName } from '../../src/session/with-lease.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { declareSession, stateOf, valuesOf } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';

const place = { baseURL: 'https://app.example', project: undefined };
const clock = createFakeClock();

function createBench(check: (values: readonly string[]) => boolean | undefined = () => undefined) {
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
      destroy: unused,
      check({ from }) {
        const signedIn = check(valuesOf(from)) ?? true;
        return Promise.resolve({ signedIn, state: stateOf(`${valuesOf(from).join()} checked`) });
      },
    },
    pool: { retire: () => undefined },
    vault: { readCode: unused },
    redactor: createRedactor(),
    onState: () => undefined,
    keySource: 'AUTH_SESSIONS_KEY',
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
  const { desk, keep, stored } = createBench((values) => {
    checked.push(values);
    return undefined;
  });
  const { key } = await entryOf(desk);
  await keep(key, 'older');
  const entry = await entryOf(desk);
  await keep(key, 'renewed');
  expect(await desk.check(entry)).toMatchObject({ signedIn: true, checks: 1 });
  expect(checked).toEqual([['renewed']]);
  expect(await stored(key)).toMatchObject({ id: 'renewed', state: stateOf('renewed checked') });
});

test('finds nothing signed in where the session was removed meanwhile, and brings nothing back', async () => {
  const { desk, keep, store } = createBench(() => {
    throw new Error('no check is asked');
  });
  const { key } = await entryOf(desk);
  await keep(key, 'older');
  const entry = await entryOf(desk);
  await store.remove(key);
  expect(await desk.check(entry)).toEqual({ signedIn: false, checks: 0, notes: [] });
  expect(await store.keys()).toEqual([]);
});

test('lists and removes what no current session uses', async () => {
  const { desk, keep, store } = createBench();
  const { key } = await entryOf(desk);
  const earlier = `admin-${'0'.repeat(32)}`;
  for (const one of [key, earlier, 'made-by-hand']) await keep(one, 'some');
  const others = await desk.others(await desk.entries([place]));
  expect(others.map(({ name }) => name)).toEqual(['admin', undefined]);
  for (const other of others) await other.remove();
  expect(await store.keys()).toEqual([key]);
});

test('remembers that a check found it signed out, for all who only look, until a check says otherwise', async () => {
  let signedIn = false;
  const { desk, keep, stored } = createBench(() => signedIn);
  const { key } = await entryOf(desk);
  await keep(key, 'some');
  const freshness = async () => {
    const { record, session } = await entryOf(desk);
    return freshnessOf(record, session, clock.nowMs());
  };
  expect(await freshness()).toBe('fresh');
  expect(await clock.runUntil(desk.check(await entryOf(desk)))).toMatchObject({ signedIn: false });
  expect(await freshness()).toBe('expired');
  expect(await stored(key)).toMatchObject({
    id: 'some',
    state: stateOf('some'),
    signedOutAtMs: clock.nowMs(),
  });
  signedIn = true;
  expect(await clock.runUntil(desk.check(await entryOf(desk)))).toMatchObject({ signedIn: true });
  expect(await freshness()).toBe('fresh');
  expect(await stored(key)).not.toHaveProperty('signedOutAtMs');
});

test('a check that nothing answers keeps what is known of the session, and is an error', async () => {
  const down = {
    failed: 'Session "admin" was not checked: nothing answers.',
    known: 'refused',
    next: 'Start it.',
  };
  const { desk, keep, stored } = createBench(() => {
    throw new AuthSessionsError('ERR_APPLICATION_UNREACHABLE', down, { session: 'admin' });
  });
  const { key } = await entryOf(desk);
  await keep(key, 'some');
  await expect(clock.runUntil(desk.check(await entryOf(desk)))).rejects.toMatchObject({
    code: 'ERR_APPLICATION_UNREACHABLE',
    explanation: down,
  });
  expect(await stored(key)).not.toHaveProperty('signedOutAtMs');
});

test('a state whose check nothing answers is in doubt, and is not taken for signed out', async () => {
  const down = { failed: 'It was not checked: nothing answers.', known: 'refused', next: 'Start it.' };
  const { desk } = createBench(() => {
    throw new AuthSessionsError('ERR_APPLICATION_UNREACHABLE', down);
  });
  const judged = await clock.runUntil(desk.judge(await entryOf(desk), stateOf('by hand')));
  expect(judged).toMatchObject({
    signedIn: false,
    unanswered: { code: 'ERR_APPLICATION_UNREACHABLE', explanation: down },
    record: { state: stateOf('by hand'), doubtedAtMs: expect.any(Number) },
  });
  const { desk: answering } = createBench(() => false);
  const no = await clock.runUntil(answering.judge(await entryOf(answering), stateOf('by hand')));
  expect(no.unanswered).toBeUndefined();
  expect(no.record).not.toHaveProperty('doubtedAtMs');
});

test('removes nothing while another run works on the session, and says so after half a minute', async () => {
  const { desk, keep, store } = createBench();
  const { key } = await entryOf(desk);
  const earlier = `admin-${'0'.repeat(32)}`;
  for (const one of [key, earlier]) await keep(one, 'some');
  const leases = [
    await store.tryLease(leaseName(key), 60_000),
    await store.tryLease(leaseName(earlier), 60_000),
  ];
  const startMs = clock.nowMs();
  const entry = await entryOf(desk);
  const removing = clock.runUntil(desk.remove(entry));
  await expect(removing).rejects.toThrow(
    'Session "admin" was in use by another run for 30 s. That run holds its lease in the store (memory).',
  );
  expect(clock.nowMs() - startMs).toBe(30_000);
  const [other] = await desk.others([entry]);
  await expect(clock.runUntil(other!.remove())).rejects.toMatchObject({ code: 'ERR_SESSION_BUSY' });
  expect(await store.keys()).toHaveLength(2);
  for (const lease of leases) await lease?.release();
  expect(await desk.remove(entry)).toBe(true);
  expect(await desk.remove(entry)).toBe(false);
  await other!.remove();
  expect(await store.keys()).toEqual([]);
  expect(await store.tryLease(leaseName(key), 1000)).toBeDefined();
});
