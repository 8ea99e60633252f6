import { expect, test } from '@playwright/test';
import { planRestore } from '../../src/browser/plan-restore.js';
import { withOwnSignCounts } from '../../src/browser/own-sign-counts.js';
import type { FlowRunner } from '../../src/core/ports.js';
import { maxSignCount, signCountsPerContext, signCountsPerUse } from '../../src/core/sign-count.js';
import type { Passkey, StorageState } from '../../src/core/storage-state.js';
import { createPasskeyDesk } from '../../src/session/passkey-desk.js';
import { isolatedKey } from '../../src/session/prepare-acquire.js';
import { createMemorySignCounts } from '../../src/store/memory-sign-counts.js';

const of = { key: 'admin-0', session: 'admin' };

test('each use of a state gets signature counters that no other use can send', async () => {
  const { desk } = newDesk();
  const state = stateWith({ signCount: 2 });
  const uses = await Promise.all([1, 2, 3].map(async () => desk.forUse(state, of)));
  expect(uses.map(countOf)).toEqual([2, 2 + signCountsPerUse, 2 + 2 * signCountsPerUse]);
});

test('a state that a renewal left gets counters above those of states before it', async () => {
  const { desk } = newDesk();
  await desk.forUse(stateWith({ signCount: 0 }), of);
  await desk.forUse(stateWith({ signCount: 0 }), of);
  const renewed = await desk.forUse(stateWith({ signCount: signCountsPerUse + 1 }), of);
  expect(countOf(renewed)).toBe(2 * signCountsPerUse);
});

test('two sessions with one passkey share its counters, and passkeys of two sites do not', async () => {
  const { desk } = newDesk();
  const uses = [
    await desk.forUse(stateWith({ signCount: 0 }), of),
    await desk.forUse(stateWith({ signCount: 0 }), { key: 'editor-0', session: 'editor' }),
    await desk.forUse(stateWith({ signCount: 0, rpId: 'other.example' }), of),
  ];
  expect(uses.map(countOf)).toEqual([0, signCountsPerUse, 0]);
});

test('a state without passkeys stays as it is, and asks no store', async () => {
  const { desk, asked } = newDesk();
  const state = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
  expect(await desk.forUse(state, of)).toBe(state);
  expect(asked).toEqual([]);
});

test('the store gets a digest of a passkey, and nothing of an isolated session', async () => {
  const { desk, asked } = newDesk();
  await desk.forUse(stateWith({ signCount: 0 }), of);
  await desk.forUse(stateWith({ signCount: 0 }), { ...of, key: isolatedKey('admin-0', 'a-test') });
  expect(asked).toEqual(['digest-of-passkey-localhost-id']);
});

test('a sign-in, a check and a sign-out that start from a state have separate counters', async () => {
  const { desk } = newDesk();
  const seen: (number | undefined)[] = [];
  const see = async (from: StorageState | undefined) =>
    Promise.resolve().then(() => seen.push(from && countOf(from)));
  const flows: FlowRunner = {
    create: async ({ from }) => see(from).then(() => from ?? stateWith({ signCount: 0 })),
    check: async ({ from }) => see(from).then(() => ({ signedIn: true, state: from })),
    destroy: async ({ from }) => see(from).then(() => true),
  };
  const wrapped = desk.flows(flows, 'store');
  const job = { session: { name: 'admin' }, from: stateWith({ signCount: 0 }) } as never;
  await wrapped.create(job);
  await wrapped.check(job);
  await wrapped.destroy(job);
  await wrapped.create({ session: { name: 'admin' } } as never);
  expect(seen).toEqual([0, signCountsPerUse, 2 * signCountsPerUse, undefined]);
});

test('a passkey without a counter is reported, and its counters begin above a few', async () => {
  const { desk, warnings } = newDesk();
  const state = stateWith({ signCount: undefined });
  expect(countOf(await desk.forUse(state, of))).toBe(1000);
  expect(countOf(await desk.forUse(state, of))).toBe(1000 + signCountsPerUse);
  expect(warnings[0]).toContain('Playwright before 1.64');
});

test('a passkey whose counters are used up is an error, and no counter is sent twice', async () => {
  const { desk } = newDesk();
  const state = stateWith({ signCount: maxSignCount - 1 });
  await expect(desk.forUse(state, of)).rejects.toMatchObject({
    code: 'ERR_PASSKEY_COUNTER_SPENT',
    session: 'admin',
  });
});

test('a worker cannot break the counters by a state with wrong numbers', async () => {
  const { desk } = newDesk();
  for (const signCount of [-1, 1.5, NaN, 2 ** 40, 'x' as never])
    expect(countOf(await desk.forUse(stateWith({ signCount }), of))).toBeGreaterThanOrEqual(1000);
});

test('each context of one test gets its own part of the reserved counters', () => {
  const state = withOwnSignCounts(stateWith({ signCount: 40 }).playwright);
  const counts = [1, 2, 3, 4, 5].map(() => state.credentials?.[0]?.signCount);
  expect(counts).toEqual([0, 1, 2, 3, 4].map((index) => 40 + index * signCountsPerContext));
  expect(() => state.credentials).toThrow(/ERR_PASSKEY_COUNTER_SPENT/);
});

test('a state without passkeys has no property for them', () => {
  expect(withOwnSignCounts({ cookies: [], origins: [] })).toEqual({ cookies: [], origins: [] });
});

test('passkeys are restored with the context, in both modes', () => {
  const state = stateWith({ signCount: 7 });
  for (const restore of ['lazy', 'eager'] as const)
    expect(planRestore(state, { restore, browserName: 'chromium' }).playwright.credentials).toEqual(
      state.playwright.credentials,
    );
});

function newDesk() {
  const asked: string[] = [];
  const warnings: string[] = [];
  const memory = createMemorySignCounts();
  const store: typeof memory = {
    async reserve(passkey, range) {
      asked.push(passkey);
      return memory.reserve(passkey, range);
    },
  };
  const desk = createPasskeyDesk({
    counts: { store, run: createMemorySignCounts() },
    fingerprint: (text) => `digest-of-${text.replaceAll(/\W+/g, '-').replace(/-$/, '')}`,
    onWarning: (warning) => warnings.push(warning),
  });
  return { desk, asked, warnings };
}

function stateWith(passkey: Partial<Passkey>): StorageState {
  const credentials = [{ id: 'id', rpId: 'localhost', privateKey: 'key', ...passkey }];
  return { playwright: { cookies: [], origins: [], credentials }, sessionStorage: [] };
}

function countOf({ playwright }: StorageState): number | undefined {
  return playwright.credentials?.[0]?.signCount;
}
