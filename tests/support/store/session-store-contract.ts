import { expect } from '@playwright/test';
import type { Lease, SessionStore } from '../../../src/core/ports.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { test } from './temporary-folder.js';

export type StoreFactory = (options: {
  readonly clock: FakeClock;
  /** Empty, and only of this test. */
  readonly folder: string;
}) => SessionStore | Promise<SessionStore>;

/** What every session store promises. */
export function testSessionStore(name: string, createStore: StoreFactory): void {
  const withStore = test.extend<{ clock: FakeClock; store: SessionStore }>({
    clock: async ({}, use) => use(createFakeClock()),
    store: async ({ clock, folder }, use) => use(await createStore({ clock, folder })),
  });
  withStore.describe(name, () => {
    testEntries(withStore);
    testLeases(withStore);
    testLateHolders(withStore);
  });
}

type StoreTest = ReturnType<typeof test.extend<{ clock: FakeClock; store: SessionStore }>>;

function testEntries(test: StoreTest): void {
  test('gives undefined for an entry that is not there', async ({ store }) => {
    expect(await store.get('admin')).toBeUndefined();
  });

  test('gives back what was put, byte for byte', async ({ store }) => {
    const sealed = 'x.é.\u{1f511}\n'.repeat(100_000);
    await store.put('admin', sealed);
    expect(await store.get('admin')).toBe(sealed);
  });

  test('keeps an empty entry apart from an absent one', async ({ store }) => {
    await store.put('admin', '');
    expect(await store.get('admin')).toBe('');
  });

  test('puts an entry in the place of the one before', async ({ store }) => {
    await store.put('admin', 'a long text');
    await store.put('admin', 'short');
    expect(await store.get('admin')).toBe('short');
  });

  test('keeps entries apart', async ({ store }) => {
    await store.put('admin', 'one');
    await store.put('admin.2', 'two');
    await store.remove('admin');
    expect(await store.get('admin')).toBeUndefined();
    expect(await store.get('admin.2')).toBe('two');
  });

  test('removes an entry that is not there without a word', async ({ store }) => {
    await store.remove('admin');
    await store.put('admin', 'one');
    await store.remove('admin');
    await store.remove('admin');
    expect(await store.get('admin')).toBeUndefined();
  });

  test('lists the keys of what is kept, and nothing of its leases', async ({ store }) => {
    expect(await store.keys()).toEqual([]);
    for (const key of ['admin', '.hidden', 'admin.2']) await store.put(key, 'sealed');
    await store.tryLease('session:admin', 1000);
    await store.remove('admin.2');
    expect([...(await store.keys())].sort()).toEqual(['.hidden', 'admin']);
  });

  test('takes keys of up to 200 letters, digits, dots, underscores and hyphens', async ({ store }) => {
    for (const key of ['a', '.', '..', '.gitignore', 'A-b_c.9', 'k'.repeat(200)]) {
      await store.put(key, key);
      expect(await store.get(key)).toBe(key);
    }
  });

  test('rejects other keys as a mistake of the caller', async ({ store }) => {
    for (const key of ['', 'a/b', '../a', 'a\\b', 'a b', 'a\n', 'é', 'a\0', 'k'.repeat(201)]) {
      await expect(store.get(key)).rejects.toThrow(TypeError);
      await expect(store.put(key, 'x')).rejects.toThrow(TypeError);
      await expect(store.remove(key)).rejects.toThrow(TypeError);
    }
  });

  test('says what it keeps entries in', ({ store }) => {
    expect(store.description).not.toBe('');
  });
}

function testLeases(test: StoreTest): void {
  test('grants a lease to one at a time', async ({ store }) => {
    const lease = await held(store);
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
    await lease.release();
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
  });

  test('grants exactly one of many claims at once', async ({ store }) => {
    const claims = await Promise.all(Array.from({ length: 20 }, async () => store.tryLease('sign-in', 1000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('keeps leases of different names apart, with any characters in a name', async ({ store }) => {
    const names = ['', 'a', 'A', 'a/b', '../a', 'op://qa/acme/one-time password', 'é\0\n', 'n'.repeat(5000)];
    for (const name of names) expect(await store.tryLease(name, 1000)).toBeDefined();
    for (const name of names) expect(await store.tryLease(name, 1000)).toBeUndefined();
  });

  test('keeps a lease and an entry of one name apart', async ({ store }) => {
    await store.put('admin', 'one');
    expect(await store.tryLease('admin', 1000)).toBeDefined();
    await store.remove('admin');
    expect(await store.tryLease('admin', 1000)).toBeUndefined();
  });

  test('ends a lease when its time is over, and not before', async ({ store, clock }) => {
    await held(store);
    clock.advance(999);
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
    clock.advance(1);
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });

  test('extends a lease from now on', async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(900);
    expect(await lease.extend(1000)).toBe(true);
    clock.advance(999);
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
    clock.advance(1);
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });

  test('rejects a time that is no time as a mistake of the caller', async ({ store }) => {
    const lease = await held(store);
    for (const ttlMs of [0, -1, NaN, Infinity]) {
      await expect(store.tryLease('other', ttlMs)).rejects.toThrow(TypeError);
      await expect(lease.extend(ttlMs)).rejects.toThrow(TypeError);
    }
  });
}

function testLateHolders(test: StoreTest): void {
  test('extends an expired lease that is still free', async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(5000);
    expect(await lease.extend(1000)).toBe(true);
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
  });

  test('does not extend a lease that has passed to another owner', async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(1000);
    const next = await held(store);
    expect(await lease.extend(1000)).toBe(false);
    expect(await next.extend(1000)).toBe(true);
  });

  test('does not extend a lease that has passed on and was released there', async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(1000);
    await (await held(store)).release();
    expect(await lease.extend(1000)).toBe(false);
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });

  test("leaves the next holder's lease alone when the one before releases late", async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(1000);
    await held(store);
    await lease.release();
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
  });

  test('refuses what is put under a lease that has passed to another owner', async ({ store, clock }) => {
    const lease = await held(store);
    await store.put('admin', 'old', { lease, ttlMs: 1000 });
    clock.advance(1000);
    const next = await held(store);
    await store.put('admin', 'new', { lease: next, ttlMs: 1000 });
    const late = store.put('admin', 'late', { lease, ttlMs: 1000 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
    await next.release();
    await expect(store.put('admin', 'late', { lease: next, ttlMs: 1000 })).rejects.toThrow(/ERR_LEASE_LOST/);
    expect(await store.get('admin')).toBe('new');
  });

  test('accepts what is put under an expired lease that is still free', async ({ store, clock }) => {
    const lease = await held(store);
    clock.advance(5000);
    await store.put('admin', 'late', { lease, ttlMs: 1000 });
    expect(await store.get('admin')).toBe('late');
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
  });

  test('frees a lease by the clock that is set a day ahead, and none for a day when it is set back', async ({
    store,
    clock,
  }) => {
    const lease = await held(store);
    clock.advance(dayMs);
    const next = await held(store);
    expect(await lease.extend(1000)).toBe(false);
    clock.advance(-dayMs);
    const last = await held(store);
    expect(await next.extend(1000)).toBe(false);
    expect(await last.extend(1000)).toBe(true);
  });

  test('does not extend a released lease', async ({ store }) => {
    const lease = await held(store);
    await lease.release();
    await lease.release();
    expect(await lease.extend(1000)).toBe(false);
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });

  test('keeps a lease released that is being extended at the same moment', async ({ store }) => {
    for (let round = 0; round < 20; round++) {
      const lease = await held(store);
      await Promise.all([lease.extend(1000), lease.extend(1000), lease.release(), lease.extend(1000)]);
    }
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });
}

const dayMs = 24 * 60 * 60_000;

async function held(store: SessionStore): Promise<Lease> {
  const lease = await store.tryLease('sign-in', 1000);
  expect(lease).toBeDefined();
  return lease!;
}
