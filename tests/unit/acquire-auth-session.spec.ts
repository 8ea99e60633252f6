import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { describeUnused } from '../../src/core/unused-reason.js';
import { AuthSessionsError, CredentialsRejectedError } from '../../src/core/errors.js';
import type { SessionStore } from '../../src/core/ports.js';
import { flowWithoutCheck, stateOf, valuesOf } from '../support/declared-session.js';
import { settle } from '../support/fake-clock.js';
import { propertyRuns } from '../support/property-runs.js';
import {
  createGate,
  createSessionBench,
  entry,
  errorOf,
  type SessionBench,
} from '../support/session-bench.js';

const hourMs = 3_600_000;
const unwritable = () =>
  new AuthSessionsError('ERR_STORE_UNWRITABLE', { failed: 'The store is full.', next: 'Make room.' });

test.describe('one sign-in', () => {
  test('serves 64 who ask at once', async () => {
    const bench = createSessionBench();
    const all = await bench.clock.runUntil(Promise.all(Array.from({ length: 64 }, () => bench.acquire())));
    expect(bench.creates).toHaveLength(1);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(['created-id-1']));
    expect(bench.events).toEqual([
      {
        session: 'admin',
        baseURL: 'https://app.example',
        outcome: 'created',
        startedAtMs: bench.clock.nowMs(),
        durationMs: 0,
        waiters: 64,
        signIns: 1,
        checks: 0,
        errorCode: undefined,
        notes: [],
      },
    ]);
  });

  test('serves who comes while it goes on, and who comes after it', async () => {
    const bench = createSessionBench();
    const gate = createGate<ReturnType<typeof stateOf>>();
    bench.flows.create = () => gate.passed;
    const first = bench.acquire();
    await bench.clock.advance(5000);
    const second = bench.acquire();
    await settle();
    gate.open(stateOf('signed in'));
    expect(valuesOf((await first).state)).toEqual(['signed in']);
    expect(await second).toBe(await first);
    expect(await bench.acquire()).toBe(await first);
    expect(bench.creates).toHaveLength(1);
    expect(bench.events).toMatchObject([{ waiters: 2, durationMs: 5000 }]);
  });

  test('serves two runs on one store', async () => {
    const one = createSessionBench({ name: 'one' });
    const other = createSessionBench({ name: 'other', sharing: one });
    const both = [one.acquire(), one.acquire(), other.acquire(), other.acquire()];
    const records = await one.clock.runUntil(Promise.all(both));
    expect([...one.creates, ...other.creates]).toHaveLength(1);
    expect(new Set(records.map(({ id }) => id))).toEqual(new Set(['one-id-1']));
    expect(other.events).toMatchObject([{ outcome: 'restored', waiters: 2, checks: 1, signIns: 0 }]);
  });

  test('is not shared by other entries', async () => {
    const bench = createSessionBench();
    const [one, other] = [bench.acquire({}, 'admin-1'), bench.acquire({}, 'admin-2')];
    expect((await bench.clock.runUntil(one)).id).not.toBe((await other).id);
    expect(bench.creates).toHaveLength(2);
  });

  test('asks for credentials, and nothing else does', async () => {
    const bench = createSessionBench();
    await bench.take();
    expect(bench.credentialsAsked).toBe(1);
    await bench.clock.advance(hourMs);
    await bench.take();
    expect(bench.checks).toHaveLength(1);
    expect(bench.credentialsAsked).toBe(1);
  });

  test('is stored with its time', async () => {
    const bench = createSessionBench();
    const record = await bench.take();
    expect(await bench.stored()).toEqual(record);
    expect(record).toMatchObject({
      session: 'admin',
      createdAtMs: bench.clock.nowMs(),
      checkedAtMs: bench.clock.nowMs(),
    });
  });
});

test.describe('a stored session', () => {
  test('is restored when its check says yes', async () => {
    const bench = createSessionBench();
    await bench.keep({ createdAtMs: bench.clock.nowMs() - hourMs });
    expect(valuesOf((await bench.take()).state)).toEqual(['kept']);
    expect(bench.creates).toHaveLength(0);
    expect(bench.credentialsAsked).toBe(0);
    expect(bench.events).toMatchObject([{ outcome: 'restored', checks: 1, signIns: 0, notes: [] }]);
  });

  test("is checked at a run's first use, even if another run has just checked it", async () => {
    const bench = createSessionBench();
    await bench.keep({ checkedAtMs: bench.clock.nowMs() });
    await bench.take();
    expect(bench.checks).toHaveLength(1);
  });

  test('is not checked again within trustSeconds, and is afterwards', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    await bench.take({ trustSeconds: 60 });
    await bench.clock.advance(59_999);
    await bench.take({ trustSeconds: 60 });
    expect(bench.checks).toHaveLength(1);
    await bench.clock.advance(1);
    await bench.take({ trustSeconds: 60 });
    expect(bench.checks).toHaveLength(2);
  });

  test('is renewed early when less than minRemainingSeconds is left of it, from what lasts', async () => {
    const bench = createSessionBench();
    const madeAtMs = bench.clock.nowMs();
    const [cookie] = stateOf('a value of some length').playwright.cookies;
    const device = { ...cookie!, name: 'device', httpOnly: false, expires: madeAtMs / 1000 + 90_000 };
    const cookies = [{ ...cookie!, name: 'sid', expires: madeAtMs / 1000 + 3600 }, device];
    const state = { playwright: { cookies, origins: [] }, sessionStorage: [] };
    await bench.keep({ state });
    await bench.clock.advance(hourMs - 100_000);
    expect((await bench.take()).id).toBe('kept-id');
    await bench.clock.advance(39_000);
    expect((await bench.take()).id).toBe('kept-id');
    await bench.clock.advance(2000);
    const renewed = await bench.clock.runUntil(bench.pool.acquire(bench.request()));
    expect(renewed.outcome).toBe('renewed');
    expect(bench.creates.map(({ from }) => from?.playwright.cookies)).toEqual([[device]]);
    expect(bench.events.at(-1)?.notes).toEqual(['its cookie sid ends in 59 s, so it was renewed early']);
    expect((await bench.take()).id).toBe(renewed.record.id);
    expect(bench.creates).toHaveLength(1);
  });

  test('is used to its end when nothing can renew it', async () => {
    for (const session of [{ renew: false }, { type: 'recorder' as const }]) {
      const bench = createSessionBench();
      await bench.keep({ createdAtMs: bench.clock.nowMs() - hourMs + 1000 });
      expect((await bench.take({ ...session, ttlSeconds: 3600 })).id).toBe('kept-id');
      expect(bench.creates).toHaveLength(0);
    }
  });

  test('is checked when the clock was set a day back or ahead, and trusted no longer for it', async () => {
    for (const jumpMs of [-24 * hourMs, 11 * hourMs]) {
      const bench = createSessionBench();
      await bench.take({ trustSeconds: 60 });
      bench.clock.pass(jumpMs);
      await bench.take({ trustSeconds: 60 });
      expect([bench.creates.length, bench.checks.length]).toEqual([1, 1]);
      await bench.take({ trustSeconds: 60 });
      expect(bench.checks).toHaveLength(1);
    }
  });

  test('is trusted after a sign-in as after a check', async () => {
    const bench = createSessionBench();
    await bench.take();
    await bench.clock.advance(299_999);
    await bench.take();
    expect(bench.checks).toHaveLength(0);
    await bench.clock.advance(1);
    await bench.take();
    expect(bench.checks).toHaveLength(1);
  });

  test('is checked at every use with trustSeconds of 0, once for all who wait', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    await bench.clock.runUntil(
      Promise.all([bench.acquire({ trustSeconds: 0 }), bench.acquire({ trustSeconds: 0 })]),
    );
    expect(bench.checks).toHaveLength(1);
    await bench.take({ trustSeconds: 0 });
    expect(bench.checks).toHaveLength(2);
  });

  test('is trusted until ttlSeconds when its flow has no check', async () => {
    const bench = createSessionBench();
    const times = { ttlSeconds: 3600, trustSeconds: 0, minRemainingSeconds: 0 };
    const session = { flow: flowWithoutCheck, ...times };
    await bench.keep({});
    await bench.clock.advance(hourMs - 1);
    expect(valuesOf((await bench.take(session)).state)).toEqual(['kept']);
    expect(valuesOf((await bench.take(session)).state)).toEqual(['kept']);
    expect(bench.events).toHaveLength(1);
    await bench.clock.advance(2);
    expect(valuesOf((await bench.take(session)).state)).toEqual(['created-1']);
    expect(bench.checks).toHaveLength(0);
  });

  test('is renewed without a check when it is older than ttlSeconds', async () => {
    const bench = createSessionBench();
    await bench.keep({ createdAtMs: bench.clock.nowMs() - hourMs - 1 });
    await bench.take({ ttlSeconds: 3600 });
    expect(bench.checks).toHaveLength(0);
    expect(bench.events).toMatchObject([{ outcome: 'renewed', signIns: 1 }]);
  });

  test('is trusted no longer than ttlSeconds', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    await bench.take({ ttlSeconds: 100 });
    await bench.clock.advance(100_001);
    await bench.take({ ttlSeconds: 100 });
    expect(bench.events.map(({ outcome }) => outcome)).toEqual(['restored', 'renewed']);
  });

  test('is renewed without a check when all of its cookies have ended', async () => {
    const bench = createSessionBench();
    const state = stateOf('ended');
    state.playwright.cookies[0]!.expires = bench.clock.nowMs() / 1000 - 1;
    await bench.keep({ state });
    await bench.take();
    expect(bench.checks).toHaveLength(0);
    expect(bench.creates).toHaveLength(1);
  });

  for (const [text, reason] of [
    ['plain text', 'not-sealed'],
    ['', 'not-sealed'],
    [JSON.stringify({ entryKey: 'customer-entry', record: {} }), 'other-entry'],
  ] as const)
    test(`is a miss with a note when it is ${reason}: ${JSON.stringify(text).slice(0, 20)}`, async () => {
      const bench = createSessionBench();
      await bench.store.put(entry, text);
      await bench.take();
      expect(bench.events).toMatchObject([
        { outcome: 'created', notes: [`the stored entry was not used: ${describeUnused(reason)}`] },
      ]);
      expect(valuesOf((await bench.stored())!.state)).toEqual(['created-1']);
    });
});

test.describe('a check', () => {
  test('says no only after checkAttempts, each from the state that the one before left', async () => {
    const bench = createSessionBench();
    await bench.keep({ state: stateOf('0') });
    bench.flows.check = ({ from }) =>
      Promise.resolve({ signedIn: false, state: stateOf(String(Number(valuesOf(from)[0]) + 1)) });
    const startMs = bench.clock.nowMs();
    await bench.take({ checkAttempts: 4 });
    expect(bench.checks.map(({ from }) => valuesOf(from)[0])).toEqual(['0', '1', '2', '3']);
    expect(bench.clock.nowMs() - startMs).toBe(750);
    expect(bench.events).toMatchObject([{ outcome: 'renewed', checks: 4, signIns: 1 }]);
  });

  test('is over with the first yes', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = ({ from }) => Promise.resolve({ signedIn: bench.checks.length === 2, state: from });
    await bench.take();
    expect(bench.events).toMatchObject([{ outcome: 'restored', checks: 2 }]);
  });

  test('is tried again when it throws, and that is noted by its first line', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = ({ from }) =>
      bench.checks.length < 3
        ? Promise.reject(new Error('connect ECONNREFUSED\n  Call log: …'))
        : Promise.resolve({ signedIn: true, state: from });
    expect(valuesOf((await bench.take()).state)).toEqual(['kept']);
    expect(bench.events).toMatchObject([
      {
        outcome: 'restored',
        checks: 3,
        notes: ['a check threw: connect ECONNREFUSED', 'a check threw: connect ECONNREFUSED'],
      },
    ]);
  });

  test('a check that always throws is a no', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- flows throw anything
    bench.flows.check = () => Promise.reject('a text');
    await bench.take({ checkAttempts: 1 });
    expect(bench.events).toMatchObject([
      {
        outcome: 'renewed',
        checks: 1,
        notes: ['a check threw: something', 'its stored session was not used: its check gave no answer'],
      },
    ]);
  });

  test('has what it changed stored before anybody gets it', async () => {
    const order: string[] = [];
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        put: async (key, sealed) => {
          await settle();
          await memory.put(key, sealed);
          order.push('stored');
        },
      }),
    });
    await bench.keep({ checkedAtMs: 0 });
    const startMs = bench.clock.nowMs();
    bench.flows.check = () => Promise.resolve({ signedIn: true, state: stateOf('rotated') });
    const asked = [bench.acquire(), bench.acquire()].map((one) => one.then(() => order.push('handed out')));
    await bench.clock.runUntil(Promise.all(asked));
    expect(order).toEqual(['stored', 'handed out', 'handed out']);
    expect(valuesOf((await bench.stored())!.state)).toEqual(['rotated']);
    expect(valuesOf((await bench.take()).state)).toEqual(['rotated']);
    expect(await bench.stored()).toMatchObject({ id: 'kept-id', checkedAtMs: startMs });
  });

  test('changes nothing with writeBack of false', async () => {
    const bench = createSessionBench();
    const kept = await bench.keep({ checkedAtMs: 0 });
    bench.flows.check = () => Promise.resolve({ signedIn: true, state: stateOf('rotated') });
    expect(valuesOf((await bench.take({ writeBack: false })).state)).toEqual(['kept']);
    expect(await bench.stored()).toEqual(kept);
  });

  test('a no is remembered in the store, whose state stays until the renewal is there', async () => {
    const bench = createSessionBench();
    const kept = await bench.keep({});
    bench.flows.check = () => Promise.resolve({ signedIn: false, state: stateOf('signed out') });
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('no'));
    await errorOf(bench.take());
    expect(await bench.stored()).toEqual({ ...kept, signedOutAtMs: bench.clock.nowMs() });
  });
});

test.describe('a renewal', () => {
  test('starts from the state that the check left, and its second attempt starts clean', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = () => Promise.resolve({ signedIn: false, state: stateOf('left by the check') });
    const create = bench.flows.create;
    bench.flows.create = (job) =>
      bench.creates.length === 1 ? Promise.reject(new Error('odd page\nmore')) : create(job);
    await bench.take();
    expect(bench.creates.map(({ from }) => from && valuesOf(from))).toEqual([
      ['left by the check'],
      undefined,
    ]);
    expect(bench.events).toMatchObject([
      {
        outcome: 'renewed',
        signIns: 2,
        notes: ['its stored session was signed out: its check said no', 'sign-in 1 failed: odd page'],
      },
    ]);
  });

  test('keeps with the session that its application asked for a device-bound one', async () => {
    const bench = createSessionBench();
    const create = bench.flows.create;
    bench.flows.create = (job) => {
      if (bench.creates.length === 1) job.onBindingAsked?.();
      return create(job);
    };
    await bench.take();
    expect((await bench.stored())?.isBindingAsked).toBe(true);
    bench.flows.check = () => Promise.resolve({ signedIn: false, state: stateOf('signed out') });
    await bench.clock.advance(hourMs);
    await bench.take();
    expect(bench.creates).toHaveLength(2);
    expect((await bench.stored())?.isBindingAsked).toBeUndefined();
  });

  test('replaces the state for all callers', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = ({ from }) => Promise.resolve({ signedIn: false, state: from });
    const record = await bench.take();
    expect(record.id).toBe('created-id-1');
    expect(await bench.stored()).toEqual(record);
  });

  test('is refused with renew of false', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = ({ from }) => Promise.resolve({ signedIn: false, state: from });
    const error = await errorOf(bench.take({ renew: false }));
    expect(error).toMatchObject({ code: 'ERR_SESSION_EXPIRED', session: 'admin' });
    expect(error.message).toBe(
      'Session "admin" is no longer signed in. It is declared with renew: false. Set renew to true, or remove ' +
        'the stored session so that it is created again. [ERR_SESSION_EXPIRED]',
    );
    expect(bench.creates).toHaveLength(0);
  });

  test('is not what a first sign-in is: renew of false allows that', async () => {
    const bench = createSessionBench();
    await bench.take({ renew: false });
    expect(bench.events).toMatchObject([{ outcome: 'created' }]);
  });
});

test.describe('a recorder session', () => {
  const recorder = { type: 'recorder', flow: undefined } as const;

  test('is restored as it was recorded', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    expect(valuesOf((await bench.take(recorder)).state)).toEqual(['kept']);
  });

  test('asks for a recording if the store has no session', async () => {
    const bench = createSessionBench();
    const error = await errorOf(bench.take(recorder));
    expect(error).toMatchObject({ code: 'ERR_RECORDING_NEEDED', session: 'admin' });
    expect(error.message).toBe(
      'Session "admin" needs a sign-in by hand. It has not been recorded yet. ' +
        'Run: npx playwright-auth-sessions record admin [ERR_RECORDING_NEEDED]',
    );
    expect(bench.creates).toHaveLength(0);
  });

  test('asks for no recording, and for no other session, while nothing answers the check', async () => {
    for (const session of [{ type: 'recorder' }, { renew: false }] as const) {
      const bench = createSessionBench();
      await bench.keep({});
      const down = { failed: 'It was not checked: nothing answers.', known: 'refused', next: 'Start it.' };
      bench.flows.check = () =>
        Promise.reject(new AuthSessionsError('ERR_APPLICATION_UNREACHABLE', down, { session: 'admin' }));
      expect(await errorOf(bench.take(session))).toMatchObject({
        code: 'ERR_APPLICATION_UNREACHABLE',
        explanation: down,
      });
      expect(await bench.stored()).not.toHaveProperty('signedOutAtMs');
    }
  });

  test('asks for a new recording when the old one is dead or cannot be opened', async () => {
    const dead = createSessionBench();
    await dead.keep({});
    dead.flows.check = ({ from }) => Promise.resolve({ signedIn: false, state: from });
    expect((await errorOf(dead.take({ type: 'recorder' }))).message).toContain(
      'Its recorded state is no longer signed in.',
    );
    const foreign = createSessionBench();
    await foreign.store.put(entry, 'plain');
    expect((await errorOf(foreign.take(recorder))).message).toContain(
      'It was recorded, but the stored entry was not used: not sealed by this package.',
    );
  });
});

test.describe('a failed sign-in', () => {
  test('is never tried again when the credentials were rejected', async () => {
    const bench = createSessionBench();
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('Wrong email or password'));
    const error = await errorOf(bench.take({ createAttempts: 5 }));
    expect(bench.creates).toHaveLength(1);
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS_REJECTED', session: 'admin' });
    expect(error.message).toBe(
      'Session "admin": the application rejected its credentials. Wrong email or password. It is not tried ' +
        'again in this run, so that the account is not locked. Check the values of its references, then run ' +
        'again. [ERR_CREDENTIALS_REJECTED]',
    );
  });

  test('is never tried again when a copy of this module reported the rejection', async () => {
    const bench = createSessionBench();
    const rejection = Object.assign(new Error('locked'), { code: 'ERR_CREDENTIALS_REJECTED' });
    bench.flows.create = () => Promise.reject(rejection);
    expect(await errorOf(bench.take())).toMatchObject({ code: 'ERR_CREDENTIALS_REJECTED' });
    expect(bench.creates).toHaveLength(1);
  });

  for (const code of ['ERR_SIGN_IN_FAILED', 'ERR_SIGN_IN_TIMEOUT', 'ERR_NOT_SIGNED_IN'] as const)
    test(`is tried createAttempts times for ${code}, with credentials asked for each time`, async () => {
      const bench = createSessionBench();
      const failure = new AuthSessionsError(code, { failed: 'It broke.', next: 'Mend it.' });
      bench.flows.create = () => Promise.reject(failure);
      expect(await errorOf(bench.take({ createAttempts: 3 }))).toBe(failure);
      expect(bench.creates).toHaveLength(3);
      expect(bench.credentialsAsked).toBe(3);
      expect(bench.events).toMatchObject([
        {
          outcome: 'failed',
          errorCode: code,
          signIns: 3,
          notes: [
            `sign-in 1 failed: It broke. Mend it. [${code}]`,
            `sign-in 2 failed: It broke. Mend it. [${code}]`,
          ],
        },
      ]);
    });

  test('succeeds with a later attempt', async () => {
    const bench = createSessionBench();
    bench.flows.create = () =>
      bench.creates.length < 2 ? Promise.reject(new Error('slow')) : Promise.resolve(stateOf('at last'));
    expect(valuesOf((await bench.take()).state)).toEqual(['at last']);
    expect(bench.events).toMatchObject([{ outcome: 'created', signIns: 2 }]);
  });

  test('is not tried again for what is wrong the second time, too', async () => {
    const bench = createSessionBench();
    const unavailable = new AuthSessionsError('ERR_TOTP_UNAVAILABLE', { failed: 'None.', next: 'Wait.' });
    bench.flows.create = () => Promise.reject(unavailable);
    expect(await errorOf(bench.take())).toBe(unavailable);
    expect(bench.creates).toHaveLength(1);
  });

  for (const code of ['ERR_BROWSER_MISSING', 'ERR_BROWSER_FAILED', 'ERR_DISPLAY_MISSING'] as const)
    test(`names its session with ${code}, and fails no other project`, async () => {
      const bench = createSessionBench();
      const { create } = bench.flows;
      const missing = new AuthSessionsError(code, { failed: 'None.', next: 'Install one.' });
      bench.flows.create = () => Promise.reject(missing);
      const error = await errorOf(bench.take());
      expect(error).toMatchObject({ code, session: 'admin' });
      expect(error.message).toBe(`Session "admin": None. Install one. [${code}]`);
      expect(bench.creates).toHaveLength(1);
      expect([...bench.remembered]).toEqual([]);
      bench.flows.create = create;
      expect(valuesOf((await bench.take()).state)).toEqual(['created-2']);
    });

  test('never began when there are no credentials', async () => {
    const bench = createSessionBench();
    const denied = new AuthSessionsError('ERR_VAULT_DENIED', { failed: 'No.', next: 'Grant it.' });
    bench.credentials = () => Promise.reject(denied);
    expect(await errorOf(bench.take())).toBe(denied);
    expect(bench.creates).toHaveLength(0);
    expect(bench.events).toMatchObject([{ outcome: 'failed', errorCode: 'ERR_VAULT_DENIED', signIns: 0 }]);
  });

  test('is shared by all who wait, and by all who ask later in the run', async () => {
    const bench = createSessionBench();
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('no'));
    const waiting = Promise.all(Array.from({ length: 8 }, () => errorOf(bench.acquire())));
    const errors = await bench.clock.runUntil(waiting);
    await bench.clock.advance(24 * hourMs);
    errors.push(await errorOf(bench.take()));
    expect(new Set(errors).size).toBe(1);
    expect(bench.creates).toHaveLength(1);
    expect(bench.events).toHaveLength(1);
    expect([...bench.remembered]).toEqual([[entry, errors[0]]]);
  });

  test('is forgotten when a new run begins', async () => {
    const bench = createSessionBench();
    const { create } = bench.flows;
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('no'));
    await errorOf(bench.take());
    bench.pool.forgetFailures();
    bench.flows.create = create;
    expect(valuesOf((await bench.take()).state)).toEqual(['created-2']);
  });

  test('from before a restart is not tried again', async () => {
    const earlier = new AuthSessionsError('ERR_CREDENTIALS_REJECTED', { failed: 'No.', next: 'Look.' });
    const bench = createSessionBench({ failures: new Map([[entry, earlier]]) });
    expect(await errorOf(bench.take())).toBe(earlier);
    expect(bench.creates).toHaveLength(0);
    expect(valuesOf((await bench.take({}, 'customer-entry')).state)).toEqual(['created-1']);
  });

  test('from before a restart is forgotten when a new run begins, asked for or not', async () => {
    const earlier = new AuthSessionsError('ERR_CREDENTIALS_REJECTED', { failed: 'No.', next: 'Look.' });
    const bench = createSessionBench({
      failures: new Map([
        [entry, earlier],
        ['customer-entry', earlier],
      ]),
    });
    await errorOf(bench.take());
    bench.pool.forgetFailures();
    await bench.take();
    await bench.take({}, 'customer-entry');
    expect(bench.creates).toHaveLength(2);
  });

  test('an error that is not ours is reported and not remembered', async () => {
    const bench = createSessionBench();
    bench.credentials = () => Promise.reject(new TypeError('a mistake in this package'));
    await expect(bench.take()).rejects.toThrow('a mistake in this package');
    expect(bench.events).toMatchObject([{ outcome: 'failed', errorCode: undefined }]);
    expect(bench.remembered.size).toBe(0);
  });
});

test.describe('a store that cannot be written', () => {
  test('keeps the session for the run, with a note', async () => {
    const bench = createSessionBench({
      store: (memory) => ({ ...memory, put: () => Promise.reject(unwritable()) }),
    });
    const record = await bench.take();
    expect(bench.events).toMatchObject([
      {
        outcome: 'created',
        notes: [
          'not stored, so it lasts for this run only: The store is full. Make room. [ERR_STORE_UNWRITABLE]',
        ],
      },
    ]);
    expect(await bench.take()).toBe(record);
    await bench.clock.advance(hourMs);
    expect((await bench.take()).id).toBe(record.id);
    expect(bench.creates).toHaveLength(1);
  });

  test('gives no lease, which is reported and retried by the next caller', async () => {
    let full = true;
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        tryLease: (...args) => (full ? Promise.reject(unwritable()) : memory.tryLease(...args)),
      }),
    });
    expect(await errorOf(bench.take())).toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
    expect(bench.remembered.size).toBe(0);
    full = false;
    expect((await bench.take()).id).toBe('created-id-1');
  });

  test('does not take a session away when its lease cannot be given back', async () => {
    const bench = createSessionBench({ store: (memory) => withLeases(memory, { release: unwritable }) });
    expect((await bench.take()).id).toBe('created-id-1');
    expect(bench.events).toMatchObject([{ outcome: 'created' }]);
  });

  test('does not bring back what it still holds of a dead session', async () => {
    let full = false;
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        put: (...args) => (full ? Promise.reject(unwritable()) : memory.put(...args)),
        remove: (...args) => (full ? Promise.reject(unwritable()) : memory.remove(...args)),
      }),
    });
    await bench.take();
    full = true;
    for (const id of ['created-id-1', 'created-id-2']) {
      await bench.clock.advance(1);
      await bench.pool.invalidate(entry, id);
      await bench.take();
    }
    expect((await bench.take()).id).toBe('created-id-3');
    expect((await bench.stored())?.id).toBe('created-id-1');
  });
});

test.describe('invalidate', () => {
  test('has the next who asks get a new sign-in, from a clean start and without a check', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    const { id } = await bench.take();
    await bench.pool.invalidate(entry, id);
    expect((await bench.take()).id).toBe('created-id-1');
    expect(bench.checks).toHaveLength(1);
    expect(bench.creates).toMatchObject([{ from: undefined }]);
    expect(bench.events.map(({ outcome }) => outcome)).toEqual(['restored', 'renewed']);
  });

  test('starts the next sign-in from the passkeys alone, which outlive a sign-out', async () => {
    const bench = createSessionBench();
    const credentials = [{ id: 'id', rpId: 'localhost', privateKey: 'key', signCount: 3 }];
    const { playwright, sessionStorage } = stateOf('kept');
    await bench.keep({ state: { playwright: { ...playwright, credentials }, sessionStorage } });
    const { id } = await bench.take();
    await bench.pool.invalidate(entry, id);
    await bench.take();
    const passkeysAlone = { playwright: { cookies: [], origins: [], credentials }, sessionStorage: [] };
    expect(bench.creates.map(({ from }) => from)).toEqual([passkeysAlone]);
  });

  test('an older sign-in is invalidated without harm to a newer one', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.invalidate(entry, id);
    const newer = await bench.take();
    await bench.pool.invalidate(entry, id);
    await bench.pool.invalidate(entry, 'unknown');
    expect(await bench.take()).toBe(newer);
    expect(bench.creates).toHaveLength(2);
  });

  test('is shared: all who find the same session dead wait for one renewal', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    const renewed = Array.from({ length: 8 }, () => {
      void bench.pool.invalidate(entry, id);
      return bench.acquire();
    });
    await bench.clock.runUntil(Promise.all(renewed));
    expect(bench.creates).toHaveLength(2);
  });

  test('takes the dead state out of the store, for other runs as well', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.invalidate(entry, 'another');
    expect((await bench.stored())?.id).toBe(id);
    await bench.pool.invalidate(entry, id);
    expect(await bench.stored()).toBeUndefined();
  });

  test('counts before the first use, as after a restart', async () => {
    const bench = createSessionBench();
    await bench.keep({ id: 'dead' });
    await bench.pool.invalidate(entry, 'dead');
    expect((await bench.take()).id).toBe('created-id-1');
    expect(bench.checks).toHaveLength(0);
    expect(bench.events).toMatchObject([{ outcome: 'renewed' }]);
  });

  test('counts while the check is still going on', async () => {
    const bench = createSessionBench();
    await bench.keep({ id: 'dying' });
    const answer = createGate<{ signedIn: boolean; state: ReturnType<typeof stateOf> }>();
    bench.flows.check = () => answer.passed;
    const asked = bench.acquire();
    await settle();
    const invalidated = bench.pool.invalidate(entry, 'dying');
    answer.open({ signedIn: true, state: stateOf('dead all the same') });
    expect((await bench.clock.runUntil(asked)).id).toBe('created-id-1');
    await bench.clock.runUntil(invalidated);
    expect((await bench.stored())?.id).toBe('created-id-1');
    expect(bench.creates).toMatchObject([{ from: undefined }]);
  });

  test('counts for the next who asks when it comes as the session is handed out', async () => {
    const release = createGate();
    const bench = createSessionBench({
      store: (memory) => withLeases(memory, { beforeRelease: () => release.passed }),
    });
    await bench.keep({ id: 'dying' });
    const asked = bench.acquire();
    await settle();
    const invalidated = bench.pool.invalidate(entry, 'dying');
    release.open();
    expect((await asked).id).toBe('dying');
    await bench.clock.runUntil(invalidated);
    expect(await bench.stored()).toBeUndefined();
    expect((await bench.take()).id).toBe('created-id-1');
  });

  test('leaves a session of another run alone', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    // The other machine's clock is behind.
    await bench.keep({ id: 'of-another-run', createdAtMs: bench.clock.nowMs() - 5000 });
    await bench.pool.invalidate(entry, id);
    expect((await bench.take()).id).toBe('of-another-run');
    expect(bench.creates).toHaveLength(1);
  });

  test('with renew of false ends the session', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take({ renew: false });
    await bench.pool.invalidate(entry, id);
    expect(await errorOf(bench.take({ renew: false }))).toMatchObject({ code: 'ERR_SESSION_EXPIRED' });
  });
});

test.describe('suspect', () => {
  test('has the session checked before it is handed out again', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.suspect(entry, id);
    expect((await bench.take()).id).toBe(id);
    expect(bench.checks).toHaveLength(1);
    await bench.take();
    expect(bench.checks).toHaveLength(1);
  });

  test('suspecting another sign-in does nothing', async () => {
    const bench = createSessionBench();
    await bench.take();
    await bench.pool.suspect(entry, 'older');
    await bench.take();
    expect(bench.checks).toHaveLength(0);
  });

  test('a state suspected during its check is checked once more', async () => {
    const bench = createSessionBench();
    await bench.keep({ id: 'dying' });
    const answer = createGate<{ signedIn: boolean; state: ReturnType<typeof stateOf> }>();
    bench.flows.check = () => answer.passed;
    const asked = bench.acquire();
    await settle();
    await bench.pool.suspect(entry, 'dying');
    answer.open({ signedIn: true, state: stateOf('as it was') });
    await bench.clock.runUntil(asked);
    bench.flows.check = ({ from }) => Promise.resolve({ signedIn: false, state: from });
    expect((await bench.take()).id).toBe('created-id-1');
  });

  test('is enough to renew a session that nothing can check', async () => {
    const bench = createSessionBench();
    const session = { flow: flowWithoutCheck };
    const { id } = await bench.take(session);
    const { create } = bench.flows;
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('no'));
    await bench.pool.suspect(entry, id);
    await errorOf(bench.take(session));
    bench.pool.forgetFailures();
    bench.flows.create = create;
    expect((await bench.take(session)).id).toBe('created-id-2');
  });
});

test.describe('choice between what this run knows and what is stored', () => {
  test("another run's newer sign-in is used", async () => {
    const bench = createSessionBench();
    await bench.take();
    await bench.clock.advance(hourMs);
    await bench.keep({ id: 'newer' });
    expect((await bench.take()).id).toBe('newer');
    expect(bench.creates).toHaveLength(1);
  });

  test('the same sign-in is used as another run has left it', async () => {
    const one = createSessionBench({ name: 'one' });
    const other = createSessionBench({ name: 'other', sharing: one });
    let current = 0;
    // An application that accepts only the cookie it gave last.
    const rotate: SessionBench['flows']['check'] = ({ from }) => {
      if (valuesOf(from)[0] !== String(current)) return Promise.resolve({ signedIn: false, state: from });
      current += 1;
      return Promise.resolve({ signedIn: true, state: stateOf(String(current)) });
    };
    Object.assign(one.flows, { check: rotate, create: () => Promise.resolve(stateOf('0')) });
    Object.assign(other.flows, { check: rotate });
    for (const bench of [one, other, one, other, one]) {
      await bench.take();
      await one.clock.advance(hourMs);
    }
    expect([one.creates.length, other.creates.length, current]).toEqual([1, 0, 4]);
  });

  test("another run's sign-in is used even if its clock is behind", async () => {
    const bench = createSessionBench();
    await bench.take();
    await bench.keep({ id: 'of-a-slow-clock', createdAtMs: bench.clock.nowMs() - 60_000 });
    await bench.clock.advance(hourMs);
    expect((await bench.take()).id).toBe('of-a-slow-clock');
  });

  test("this run's own is used when the store could not take it", async () => {
    let full = false;
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        put: (...args) => (full ? Promise.reject(unwritable()) : memory.put(...args)),
      }),
    });
    await bench.keep({ id: 'stored' });
    full = true;
    const { id } = await bench.take();
    await bench.pool.invalidate(entry, id);
    const own = await bench.take();
    await bench.keep({ id: 'stored again' });
    await bench.clock.advance(hourMs);
    expect((await bench.take()).id).toBe(own.id);
  });

  test("this run's own state of one sign-in is used until another run has changed it", async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.store.tryLease(`session:${entry}`, 1000);
    await bench.pool.writeBack(entry, id, stateOf('not stored'));
    await bench.clock.advance(hourMs);
    expect(valuesOf((await bench.take()).state)).toEqual(['not stored']);
    const stored = await bench.stored();
    await bench.keep({ ...stored, state: stateOf('changed'), revision: (stored?.revision ?? 0) + 1 });
    await bench.clock.advance(hourMs);
    expect(valuesOf((await bench.take()).state)).toEqual(['changed']);
  });

  test("this run's own is used when the stored one is gone or spoilt", async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.store.remove(entry);
    await bench.clock.advance(hourMs);
    expect((await bench.take()).id).toBe(id);
    await bench.store.put(entry, 'spoilt');
    await bench.clock.advance(hourMs);
    expect((await bench.take()).id).toBe(id);
    expect((await bench.stored())?.id).toBe(id);
  });
});

test.describe('writeBack', () => {
  test('hands out and stores what a test left', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.writeBack(entry, id, stateOf('left by a test'));
    expect(await bench.take()).toMatchObject({ id, state: stateOf('left by a test') });
    expect(await bench.stored()).toMatchObject({ id, state: stateOf('left by a test') });
    expect(bench.checks).toHaveLength(0);
  });

  test('takes nothing of another sign-in, nor of a dead one', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.writeBack(entry, 'older', stateOf('older'));
    expect(valuesOf((await bench.take()).state)).toEqual(['created-1']);
    await bench.pool.invalidate(entry, id);
    await bench.pool.writeBack(entry, id, stateOf('dead'));
    expect(await bench.stored()).toBeUndefined();
    await bench.pool.writeBack('unknown-entry', id, stateOf('nobody'));
    expect(await bench.stored('unknown-entry')).toBeUndefined();
  });

  test('takes nothing while the session is brought up', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.clock.advance(hourMs);
    const answer = createGate<{ signedIn: boolean; state: ReturnType<typeof stateOf> }>();
    bench.flows.check = () => answer.passed;
    const asked = bench.acquire();
    await settle();
    await bench.pool.writeBack(entry, id, stateOf('late'));
    answer.open({ signedIn: true, state: stateOf('checked') });
    expect(valuesOf((await bench.clock.runUntil(asked)).state)).toEqual(['checked']);
    expect(valuesOf((await bench.stored())!.state)).toEqual(['checked']);
  });

  test('a state that lacks cookies has the next use checked', async () => {
    const bench = createSessionBench();
    bench.flows.create = () => Promise.resolve(stateOf('a', 'b'));
    const { id } = await bench.take();
    await bench.pool.writeBack(entry, id, stateOf('a', 'b', 'c'));
    await bench.take();
    expect(bench.checks).toHaveLength(0);
    await bench.pool.writeBack(entry, id, stateOf('a'));
    await bench.take();
    expect(bench.checks.map(({ from }) => valuesOf(from))).toEqual([['a']]);
  });

  test('a state that lacks cookies is not taken if nothing can check it', async () => {
    const bench = createSessionBench();
    const session = { flow: flowWithoutCheck };
    const { id } = await bench.take(session);
    await bench.pool.writeBack(entry, id, stateOf());
    expect(valuesOf((await bench.take(session)).state)).toEqual(['created-1']);
    expect(valuesOf((await bench.stored())!.state)).toEqual(['created-1']);
  });

  test("does not replace another run's newer sign-in", async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.keep({ id: 'newer', createdAtMs: bench.clock.nowMs() - 60_000 });
    await bench.pool.writeBack(entry, id, stateOf('older'));
    expect((await bench.stored())?.id).toBe('newer');
    expect(valuesOf((await bench.take()).state)).toEqual(['older']);
  });

  test('does not write while another run works on the session', async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.store.tryLease(`session:${entry}`, 30_000);
    await bench.pool.writeBack(entry, id, stateOf('left by a test'));
    expect(valuesOf((await bench.stored())!.state)).toEqual(['created-1']);
    expect(valuesOf((await bench.take()).state)).toEqual(['left by a test']);
  });

  test('stores the last of several that come at once', async () => {
    const gate = createGate();
    let slow = false;
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        put: async (...args) => {
          if (slow) await gate.passed;
          slow = false;
          await memory.put(...args);
        },
      }),
    });
    const { id } = await bench.take();
    slow = true;
    const both = ['first', 'second'].map((text) => bench.pool.writeBack(entry, id, stateOf(text)));
    await settle();
    gate.open();
    await Promise.all(both);
    expect(valuesOf((await bench.stored())!.state)).toEqual(['second']);
  });

  test('reports a store that cannot be written, and goes on with the next', async () => {
    let full = false;
    const bench = createSessionBench({
      store: (memory) => ({
        ...memory,
        put: (...args) => (full ? Promise.reject(unwritable()) : memory.put(...args)),
      }),
    });
    const { id } = await bench.take();
    full = true;
    expect(await errorOf(bench.pool.writeBack(entry, id, stateOf('first')))).toMatchObject({
      code: 'ERR_STORE_UNWRITABLE',
    });
    expect(valuesOf((await bench.take()).state)).toEqual(['first']);
    full = false;
    await bench.pool.writeBack(entry, id, stateOf('second'));
    expect(valuesOf((await bench.stored())!.state)).toEqual(['second']);
  });
});

test.describe('a run that stops', () => {
  test('ends all who wait for a sign-in, and remembers nothing', async () => {
    const bench = createSessionBench();
    bench.flows.create = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('Target page has been closed')));
      });
    const waiting = Promise.all(Array.from({ length: 3 }, () => errorOf(bench.acquire())));
    await settle();
    bench.stop();
    for (const error of await bench.clock.runUntil(waiting))
      expect(error).toMatchObject({ code: 'ERR_STOPPED' });
    expect(bench.remembered.size).toBe(0);
    expect(bench.creates).toHaveLength(1);
    expect(bench.events).toMatchObject([{ outcome: 'failed', errorCode: 'ERR_STOPPED' }]);
  });

  test('ends the wait for credentials, with any error', async () => {
    const bench = createSessionBench();
    const denied = new AuthSessionsError('ERR_VAULT_UNREACHABLE', { failed: 'Gone.', next: 'Look.' });
    const gate = createGate<never>();
    bench.credentials = () => gate.passed;
    const asked = errorOf(bench.acquire());
    await settle();
    bench.stop();
    gate.fail(denied);
    expect(await asked).toMatchObject({ code: 'ERR_STOPPED' });
    expect(bench.remembered.size).toBe(0);
  });

  test('ends who waits between two checks', async () => {
    const bench = createSessionBench();
    await bench.keep({});
    bench.flows.check = () => Promise.reject(new Error('slow'));
    const asked = errorOf(bench.acquire());
    await settle();
    bench.stop();
    expect(await asked).toMatchObject({ code: 'ERR_STOPPED' });
    expect(bench.checks).toHaveLength(1);
    expect(bench.creates).toHaveLength(0);
  });

  test('ends who waits for another run', async () => {
    const bench = createSessionBench();
    await bench.store.tryLease(`session:${entry}`, 30_000);
    const asked = errorOf(bench.acquire());
    await settle();
    bench.stop();
    expect(await asked).toMatchObject({ code: 'ERR_STOPPED' });
    expect(await errorOf(bench.acquire())).toMatchObject({ code: 'ERR_STOPPED' });
  });
});

test.describe('the lease', () => {
  test('is held through a long sign-in, and given back at its end', async () => {
    const bench = createSessionBench();
    const gate = createGate<ReturnType<typeof stateOf>>();
    bench.flows.create = () => gate.passed;
    const asked = bench.acquire();
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await bench.clock.advance(60_000);
      expect(await bench.store.tryLease(`session:${entry}`, 1000)).toBeUndefined();
    }
    gate.open(stateOf('at last'));
    await asked;
    expect(await bench.store.tryLease(`session:${entry}`, 1000)).toBeDefined();
    expect(bench.clock.sleepers()).toBe(0);
  });

  test('is given back after a failure', async () => {
    const bench = createSessionBench();
    bench.flows.create = () => Promise.reject(new CredentialsRejectedError('no'));
    await errorOf(bench.take());
    expect(await bench.store.tryLease(`session:${entry}`, 1000)).toBeDefined();
    expect(bench.clock.sleepers()).toBe(0);
  });

  test('is given back after a stop', async () => {
    const bench = createSessionBench();
    bench.flows.create = async ({ signal }) => {
      await bench.clock.sleep(hourMs, signal);
      return stateOf();
    };
    const asked = errorOf(bench.acquire());
    await settle();
    bench.stop();
    await asked;
    expect(await bench.store.tryLease(`session:${entry}`, 1000)).toBeDefined();
    expect(bench.clock.sleepers()).toBe(0);
  });

  test("a dead run's lease is waited for until its time is over", async () => {
    const bench = createSessionBench();
    await bench.store.tryLease(`session:${entry}`, 30_000);
    const startMs = bench.clock.nowMs();
    await bench.take();
    expect(bench.clock.nowMs() - startMs).toBe(30_000);
  });

  test("another run's lease is not waited for for ever, and that is not remembered", async () => {
    const bench = createSessionBench();
    const lease = await bench.store.tryLease(`session:${entry}`, hourMs);
    const error = await errorOf(bench.take());
    expect(error).toMatchObject({ code: 'ERR_SESSION_BUSY' });
    expect(bench.remembered.size).toBe(0);
    await lease?.release();
    expect((await bench.take()).id).toBe('created-id-1');
  });
});

test('hands out no dead state and signs in for no other reason, in any order of events', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: fc.constant('acquire' as const), run: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('invalidate' as const), run: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('end on the server' as const), run: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('suspect' as const), run: fc.nat(1) }) },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('wait' as const), run: fc.nat(1) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(400), async (steps, pauseSeconds) => {
      const one = createSessionBench({ name: 'one' });
      const runs = [one, createSessionBench({ name: 'other', sharing: one })] as const;
      const alive = new Set<string>();
      let [working, deaths, signIns] = [0, 0, 0];
      for (const { flows, clock } of runs) {
        flows.create = async ({ signal }) => {
          expect((working += 1)).toBe(1);
          await clock.sleep(2000, signal);
          working -= 1;
          alive.add(`state-${(signIns += 1)}`);
          return stateOf(`state-${signIns}`);
        };
        flows.check = async ({ from, signal }) => {
          expect((working += 1)).toBe(1);
          await clock.sleep(50, signal);
          working -= 1;
          return { signedIn: alive.has(valuesOf(from)[0] ?? ''), state: from };
        };
      }
      const asked: Promise<void>[] = [];
      const seen = runs.map(() => ({ id: 'none', invalid: new Set<string>() }));
      for (const { act, run } of steps) {
        const bench = runs[run]!;
        const { pool, clock } = bench;
        const mine = seen[run]!;
        if (act === 'wait') await clock.advance(pauseSeconds * 1000);
        if (act === 'suspect') await pool.suspect(entry, mine.id);
        if (act === 'end on the server') deaths += Number(alive.size > 0 && (alive.clear(), true));
        if (act === 'invalidate') {
          if (mine.id !== 'none' && !mine.invalid.has(mine.id)) deaths += 1;
          mine.invalid.add(mine.id);
          asked.push(pool.invalidate(entry, mine.id));
        }
        if (act === 'acquire') {
          const invalid = new Set(mine.invalid);
          asked.push(
            bench.acquire().then(({ id }) => {
              expect(invalid).not.toContain(id);
              mine.id = id;
            }),
          );
          await settle();
        }
      }
      await one.clock.runUntil(Promise.all(asked));
      expect(signIns).toBeLessThanOrEqual(deaths + 1);
    }),
    { numRuns: propertyRuns(300), seed: 20_300_101 },
  );
});

/** A store whose leases misbehave on request. */
function withLeases(
  memory: SessionStore,
  { release, beforeRelease }: { release?: () => Error; beforeRelease?: () => Promise<void> },
): SessionStore {
  return {
    ...memory,
    async tryLease(...args) {
      const lease = await memory.tryLease(...args);
      return (
        lease && {
          extend: lease.extend.bind(lease),
          async release() {
            await beforeRelease?.();
            if (release) throw release();
            await lease.release();
          },
        }
      );
    },
  };
}
