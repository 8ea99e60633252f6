import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createAccountUses } from '../../src/broker/account-uses.js';
import { createBrokerHandlers } from '../../src/broker/broker-handlers.js';
import type { TestHandlers } from '../../src/broker/handlers-by-path.js';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { entryKey } from '../../src/core/entry-key.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createHoldDesk } from '../../src/session/hold-desk.js';
import { createUseDesk } from '../../src/session/use-desk.js';
import { createMemoryUses } from '../../src/store/memory-uses.js';
import { systemClock } from '../../src/time/system-clock.js';
import { workerHeader, type BrokerAnswer } from '../../src/wire/messages.js';
import { tooLarge } from '../../src/wire/parse-request.js';
import { createBrokerServer, type BrokerServer } from '../../src/wire/server.js';
import { declareSession, stateOf, valuesOf } from '../support/declared-session.js';
import { createSessionBench, type SessionBench } from '../support/session-bench.js';

const pass = 'pass-of-this-broker';
const place = { baseURL: 'https://app.example', project: 'chromium' };

let server: BrokerServer;
let bench: SessionBench;
let address: string;
const alive = new Set<number>();
const registered: string[] = [];
const warnings: string[] = [];

test.beforeEach(async () => {
  bench = createSessionBench();
  address =
    process.platform === 'win32' ? `\\\\.\\pipe\\${randomUUID()}` : path.join(tmpdir(), `b-${randomUUID()}`);
  alive.clear();
  registered.length = 0;
  warnings.length = 0;
  server = await createBrokerServer({
    address,
    pass,
    handlers: handlersOf({
      admin: declareSession({ writeBack: 'test' }),
      reader: declareSession({ name: 'reader', writeBack: 'check' }),
    }),
    ledger: { pageAfter: () => ({ id: '', from: 0, secrets: [] }) as never },
  });
});

test.afterEach(() => server.close());

const hugeText = 'x'.repeat(1024 * 1024 + 1);
const handle = { key: 'admin-0', id: 'id' };
const badBodies: readonly (readonly [string, unknown])[] = [
  ...['/base-url', '/acquire', '/credentials', '/code'].flatMap((route) =>
    [undefined, null, 7, [], {}].map((session) => [route, { session, place }] as const),
  ),
  ...['/base-url', '/acquire', '/credentials', '/code', '/invalidate', '/suspect', '/write-back'].flatMap(
    (route) => [null, [], 7, 'text', {}, true].map((body) => [route, body] as const),
  ),
  ['/acquire', { session: 'admin' }],
  ['/acquire', { session: 'admin', place: { ...place, baseURL: 7 } }],
  ['/acquire', { session: 'admin', place, parameters: { user: 7 } }],
  ['/acquire', { session: 'admin', place, parameters: [] }],
  ['/acquire', { session: 'admin', place, asker: { test: 1, project: '', worker: 0 } }],
  ['/acquire', { session: 'x'.repeat(301), place }],
  ['/acquire', { session: 'admin', place, more: hugeText }],
  ['/acquire', { session: 'admin', place, unknown: true }],
  ['/invalidate', { ...handle, id: 7 }],
  ['/suspect', { ...handle, why: 'because' }],
  ['/suspect', { ...handle, hold: {} }],
  ...[null, 7, [], {}, { playwright: {}, sessionStorage: [] }, { playwright: stateOf('a').playwright }].map(
    (state) => ['/write-back', { ...handle, state }] as const,
  ),
  ['/write-back', { ...handle, state: { ...stateOf('a'), sessionStorage: [{ origin: 1, items: [] }] } }],
];

test('a request that is not as its route has it is refused with a code, and nothing of it is quoted', async () => {
  for (const [route, body] of badBodies) {
    const answer = await post(route, body);
    expect(answer, `${route} ${JSON.stringify(body).slice(0, 80)}`).toMatchObject({
      error: { code: 'ERR_BROKER_REQUEST' },
    });
    expect(JSON.stringify(answer)).not.toContain('xxxx');
  }
  for (const text of ['', '{', '\u0000', '[[', '{"session":'])
    expect(await postText('/acquire', text)).toMatchObject({ error: { code: 'ERR_BROKER_REQUEST' } });
  expect((await acquire('admin')).id).toBe('created-id-1');
});

test('a state that is too large has a code that differs from any other refused request', () => {
  const { code, explanation } = tooLarge('/write-back');
  expect([code, explanation.known]).toEqual(['ERR_STATE_TOO_LARGE', 'It has more than 64 MB.']);
  expect(tooLarge('/acquire').code).toBe('ERR_BROKER_REQUEST');
});

test("a state is taken where the session has writeBack: 'test', and refused elsewhere", async () => {
  const admin = await acquire('admin');
  expect(await post('/write-back', { ...admin, state: stateOf('left') })).toMatchObject({ ok: {} });
  expect(valuesOf((await acquire('admin')).state)).toEqual(['left']);
  const reader = await acquire('reader');
  const planted = await post('/write-back', { ...reader, state: stateOf('planted') });
  expect(planted).toMatchObject({
    error: {
      code: 'ERR_BROKER_REQUEST',
      explanation: { known: 'Session "reader" has writeBack: "check".' },
    },
  });
  expect(valuesOf((await acquire('reader')).state)).not.toContain('planted');
  expect(await post('/write-back', { key: 'nobody-0', id: 'x', state: stateOf('a') })).toMatchObject({
    error: { explanation: { known: 'No session of this name is declared.' } },
  });
});

test('the secrets of a state are looked for once, and again in the next state', async () => {
  const { key, id } = await acquire('admin');
  expect(registered).toHaveLength(1);
  await acquire('admin');
  expect(registered).toHaveLength(1);
  await post('/invalidate', { key, id });
  await acquire('admin');
  expect(registered).toHaveLength(2);
});

test('a worker that dies with a state that each use replaces has the next worker get a checked one', async () => {
  const first = await acquire('admin', 101);
  alive.add(202);
  expect(first.hold).toBeDefined();
  await acquire('admin', 202);
  expect(bench.checks).toHaveLength(1);
  await acquire('admin', 202);
  expect(bench.checks).toHaveLength(1);
});

test('a worker that gave its state back, or whose session is not of that kind, has nothing checked', async () => {
  const { key, id, hold } = await acquire('admin', 101);
  await post('/write-back', { key, id, hold, state: stateOf('left') });
  expect((await acquire('reader', 101)).hold).toBeUndefined();
  for (const session of ['admin', 'reader']) await acquire(session, 202);
  expect(bench.checks).toHaveLength(0);
});

test('a pool without credentials is skipped, and waits for no account', async () => {
  const account = { pool: 'customer', number: 1, of: 1 };
  const { '/use': use, '/acquire': ask } = handlersOf(
    { 'customer[1]': declareSession({ name: 'customer[1]', account }) },
    'skip',
  );
  const message = {
    session: 'customer',
    scope: 'worker',
    ticket: 'a ticket of a worker',
    uses: [],
    lane: 0,
  } as const;
  expect(await use(message, { worker: 101 })).toEqual({ skip: 'a test' });
  expect(await ask({ session: 'customer', place }, { worker: 101 })).toEqual({ skip: 'a test' });
});

test('a worker gets an account of a pool with its use alone, and chooses none by name', async () => {
  const account = { pool: 'customer', number: 1, of: 1 };
  const handlers = handlersOf({ 'customer[1]': declareSession({ name: 'customer[1]', account }) });
  const caller = { worker: 101 };
  alive.add(101);
  const ticket = 'a ticket of a worker';
  await expect(handlers['/acquire']({ session: 'customer', place }, caller)).rejects.toMatchObject({
    code: 'ERR_BROKER_REQUEST',
  });
  await expect(handlers['/acquire']({ session: 'customer[1]', place }, caller)).rejects.toMatchObject({
    code: 'ERR_SESSION_UNKNOWN',
  });
  const message = { session: 'customer', scope: 'worker', ticket, uses: [], lane: 0 } as const;
  const held = { session: 'customer', scope: 'worker', ticket, lane: 0, slot: 1 } as const;
  expect(await handlers['/use'](message, caller)).toEqual({ held });
  expect(await handlers['/acquire']({ session: 'customer', place, uses: [held] }, caller)).toMatchObject({
    session: 'customer[1]',
    account,
  });
  await handlers['/end-use']({ uses: [held] });
});

test('a test gets a session for itself by its ID, and only such a session can be ended', async () => {
  const isolated = randomUUID();
  const ask = async (body: object) =>
    (await post('/acquire', { session: 'reader', place, ...body }, 101)) as Answer;
  const shared = await ask({});
  const [own, again] = [await ask({ isolated }), await ask({ isolated })];
  const another = await ask({ isolated: randomUUID() });
  expect(again).toMatchObject({ ok: { key: own.ok.key, id: own.ok.id } });
  expect(new Set([shared, own, another].map(({ ok }) => ok.key)).size).toBe(3);
  expect(await post('/end-session', { key: own.ok.key }, 101)).toMatchObject({ ok: {} });
  expect(await post('/end-session', { key: shared.ok.key }, 101)).toMatchObject({
    error: { code: 'ERR_BROKER_REQUEST' },
  });
  expect((await ask({ isolated })).ok.id).not.toBe(own.ok.id);
  for (const id of ['', 'short', 7, 'x'.repeat(36)])
    expect(await post('/acquire', { session: 'reader', place, isolated: id }, 101)).toMatchObject({
      error: { code: 'ERR_BROKER_REQUEST' },
    });
});

test('a session that is exclusive, or signed in by a person, cannot be isolated', async () => {
  const handlers = handlersOf({
    solo: declareSession({ name: 'solo', exclusive: true, maxConcurrentUses: 1 }),
    person: declareSession({ name: 'person', type: 'recorder' }),
  });
  for (const session of ['solo', 'person'])
    await expect(handlers['/acquire']({ session, place, isolated: randomUUID() })).rejects.toMatchObject({
      code: 'ERR_SESSION_TYPE',
    });
});

test('invalidate signs out on the server, and what fails is a warning', async () => {
  const flow = { create: () => Promise.resolve(), destroy: () => undefined };
  const handlers = handlersOf({ admin: declareSession({ flow }) });
  const take = async () => (await handlers['/acquire']({ session: 'admin', place })) as Acquired;
  const first = await take();
  await handlers['/invalidate']({ key: first.key, id: first.id });
  expect(bench.destroys).toMatchObject([{ from: first.state, session: { name: 'admin' } }]);
  bench.flows.destroy = () => Promise.reject(new Error('The server is down.'));
  const second = await take();
  await handlers['/invalidate']({ key: second.key, id: second.id });
  expect(warnings).toEqual(['The server is down.']);
});

interface Answer {
  readonly ok: { readonly key: string; readonly id: string };
}

interface Acquired {
  readonly key: string;
  readonly id: string;
  readonly hold?: string;
  readonly state: ReturnType<typeof stateOf>;
}

async function acquire(session: string, worker?: number): Promise<Acquired> {
  const answer = await post('/acquire', { session, place }, worker);
  if ('error' in answer) throw new Error(answer.error.code);
  const { key, id, hold, state } = answer.ok as Acquired;
  return { key, id, state, ...(hold !== undefined && { hold }) };
}

function post(route: string, body: unknown, worker?: number): Promise<BrokerAnswer<unknown>> {
  return postText(route, JSON.stringify(body), worker);
}

function postText(route: string, body: string, worker?: number): Promise<BrokerAnswer<unknown>> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${pass}`, ...(worker && { [workerHeader]: String(worker) }) };
    const outgoing = request({ socketPath: address, path: route, method: 'POST', agent: false, headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve(JSON.parse(text) as BrokerAnswer<unknown>));
    });
    outgoing.end(body);
  });
}

function handlersOf(
  declared: Readonly<Record<string, DeclaredSession>>,
  environment: 'local' | 'skip' = 'local',
): TestHandlers {
  let holds = 0;
  const useDesk = createUseDesk({
    uses: createMemoryUses(bench),
    clock: systemClock,
    isAlive: (worker) => alive.has(worker),
    signal: new AbortController().signal,
    onWait: () => undefined,
  });
  const sessions = new Map(Object.entries(declared));
  return createBrokerHandlers({
    codeWaits: { sinceMs: () => 0 },
    nowMs: () => 0,
    sessions,
    sessionsFile: 'auth-sessions.ts',
    decision: { environment, why: 'a test' },
    credentials: {} as never,
    prepare: (session) => ({
      ...bench.request({}, entryKey(session, place.baseURL)),
      session,
      place,
    }),
    pools: { of: () => bench.pool } as never,
    passkeys: { forUse: (state) => Promise.resolve(state), flows: (flows) => flows },
    uses: { record: (_, work) => work(), entries: () => [] },
    accountUses: createAccountUses({ sessions, useDesk, machine: 'here' }),
    holds: createHoldDesk({ newId: () => `hold-${(holds += 1)}`, isAlive: (worker) => alive.has(worker) }),
    redactor: { ...createRedactor(), add: (value) => void registered.push(value.reveal()) },
    registerFree: () => Promise.resolve(),
    signal: new AbortController().signal,
    onWarning: (warning) => warnings.push(warning),
    onPlace: () => undefined,
  });
}
