import { expect, test } from '@playwright/test';
import {
  AccountLockedError,
  AuthSessionsError,
  CredentialsRejectedError,
  HumanNeededError,
} from '../../src/core/errors.js';
import type { RefusalStore, SignInCredentials } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { stateOf, valuesOf } from '../support/declared-session.js';
import { settle } from '../support/fake-clock.js';
import {
  createSessionBench,
  errorOf,
  type BenchOptions,
  type SessionBench,
} from '../support/session-bench.js';

const wrong = { username: 'ada', password: 'a wrong password' };
const right = { username: 'ada', password: 'the right one' };
const names = ['admin', 'editor', 'auditor'];
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test.describe('a refused password', () => {
  test('is sent once, whichever sessions of the account wait at the same moment', async () => {
    const bench = createBench();
    const errors = await bench.clock.runUntil(
      Promise.all(names.map((name) => errorOf(acquire(bench, name)))),
    );
    expect(bench.creates).toHaveLength(1);
    expect(errors.map(({ code }) => code)).toEqual(names.map(() => 'ERR_CREDENTIALS_REJECTED'));
    expect(errors.map(({ session }) => session)).toEqual(names);
    expect(bench.events.map(({ signIns }) => signIns).sort()).toEqual([0, 0, 1]);
  });

  test('says to the one who met it how long it holds, and what ends it', async () => {
    const bench = createBench();
    expect((await refusalOf(bench, 'admin', { code: undefined })).message).toBe(
      'Session "admin": the application rejected its credentials. Wrong email or password. No session, command or ' +
        'run sends the same credentials again for 24 hours, so that the account is not locked. Check the ' +
        'values of its references. New values are used at once. To send the same values again, run: npx ' +
        'playwright-auth-sessions renew admin ' +
        '[ERR_CREDENTIALS_REJECTED]',
    );
  });

  test('says to another session who met it, when, what was said, and that so nothing was sent', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    await bench.clock.advance(5 * minuteMs);
    expect((await refusalOf(bench, 'editor', { code: undefined })).message).toBe(
      'Session "editor": its credentials were rejected before, so nothing was sent. Session "admin", of the same ' +
        'account, was rejected at 2030-01-01 00:00 UTC, 5 min ago: Wrong email or password. No session sends ' +
        'the same credentials before 2030-01-02 00:00 UTC. Check the values of its references. New values are ' +
        'used at once. To send the same values again, run: npx playwright-auth-sessions renew editor ' +
        '[ERR_CREDENTIALS_REJECTED]',
    );
  });

  test('holds for the next run and the next command, which say so', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    const later = createBench({ sharing: bench });
    const error = await refusalOf(later, 'admin');
    expect(error.message).toContain('so nothing was sent. It was rejected at 2030-01-01 00:00 UTC');
    expect(later.creates).toHaveLength(0);
    bench.pool.forgetFailures();
    bench.accounts.forgetFailures();
    await refusalOf(bench, 'admin');
    expect(bench.creates).toHaveLength(1);
  });

  test('is over when the vault has another value, which is tried at once', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    const later = createBench({ sharing: bench }, right);
    expect(valuesOf((await take(later, 'admin')).state)).toEqual(['created-1']);
  });

  test('is over after a day, whichever way the clock goes', async () => {
    for (const jumpMs of [24 * hourMs, -24 * hourMs]) {
      const bench = createBench();
      await refusalOf(bench, 'admin');
      bench.clock.pass(jumpMs - Math.sign(jumpMs) * 2000);
      await refusalOf(createBench({ sharing: bench }), 'admin');
      bench.clock.pass(Math.sign(jumpMs) * 2000);
      const later = createBench({ sharing: bench });
      await refusalOf(later, 'admin');
      expect(later.creates, String(jumpMs)).toHaveLength(1);
    }
  });

  test('belongs to the origin: another application with the same values is asked', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin', { baseURL: 'https://app.example/admin' });
    await refusalOf(bench, 'editor', { baseURL: 'https://app.example/shop?x=1' });
    expect(bench.creates).toHaveLength(1);
    await refusalOf(bench, 'auditor', { baseURL: 'https://other.example' });
    expect(bench.creates).toHaveLength(2);
  });

  test('belongs to the values, under any references and parameters', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    bench.credentials = credentialsOf({ email: wrong.username, secret: wrong.password });
    const values = new Map([['email', parseSecretReference('op://other/item/email')]]);
    await refusalOf(bench, 'editor', { values });
    expect(bench.creates).toHaveLength(1);
  });

  test('is sent once more by the requested session, and by no other of the account', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    const later = createBench({ sharing: bench });
    for (const name of names) later.accounts.allowRefused(name);
    const errors = await later.clock.runUntil(
      Promise.all(names.map((name) => errorOf(acquire(later, name)))),
    );
    expect(later.creates).toHaveLength(1);
    expect(errors.filter(({ message }) => message.includes('so nothing was sent'))).toHaveLength(2);
  });

  test('ends once the values are accepted', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    const command = createBench({ sharing: bench });
    command.accounts.allowRefused('admin');
    command.flows.create = () => Promise.resolve(stateOf('signed in'));
    await take(command, 'admin');
    const later = createBench({ sharing: bench });
    later.flows.create = command.flows.create;
    await take(later, 'editor');
    expect(later.creates).toHaveLength(1);
  });

  test('stays when the requested attempt fails otherwise', async () => {
    const bench = createBench();
    await refusalOf(bench, 'admin');
    const command = createBench({ sharing: bench });
    command.accounts.allowRefused('admin');
    command.flows.create = () => Promise.reject(new Error('the network is down'));
    await errorOf(take(command, 'admin', { createAttempts: 2 }));
    expect(command.creates).toHaveLength(2);
    expect((await refusalOf(createBench({ sharing: bench }), 'editor')).message).toContain(
      'nothing was sent',
    );
  });

  test('is kept without a value, under a digest that only the key gives', async () => {
    const kept: string[] = [];
    const recording = (memory: RefusalStore): RefusalStore => ({
      ...memory,
      put: (account, refusal) => {
        kept.push(JSON.stringify([account, refusal]));
        return memory.put(account, refusal);
      },
    });
    await refusalOf(createBench({ refusals: recording }), 'admin');
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^\["[0-9a-f]{64}",/);
    expect(kept[0]).not.toMatch(/ada|password"|a wrong/);
  });

  test('a refusal that the store cannot keep holds for the run, after a restart as well, with a note', async () => {
    const full = () =>
      Promise.reject(new AuthSessionsError('ERR_STORE_UNWRITABLE', { failed: 'Full.', next: 'X.' }));
    const refusals = (memory: RefusalStore): RefusalStore => ({ ...memory, put: full });
    const bench = createBench({ refusals });
    await refusalOf(bench, 'admin');
    await refusalOf(bench, 'editor');
    expect(bench.creates).toHaveLength(1);
    expect(bench.events[0]?.notes).toEqual([
      'the rejection is remembered for this run only, because it could not be stored: Full. X. [ERR_STORE_UNWRITABLE]',
    ]);
    const restarted = createBench({ refusals, failures: bench.remembered });
    expect((await refusalOf(restarted, 'auditor')).message).toContain(
      'Session "admin", of the same account, was rejected',
    );
    expect(restarted.creates).toHaveLength(0);
  });

  test("a runtime session's refusal is kept in no store, and holds for the run", async () => {
    const bench = createBench();
    const own = { type: 'runtime' } as const;
    expect((await refusalOf(bench, 'admin', own)).message).toMatch(
      /It is not tried again in this run, so that the account is not locked\. Check the parameters that the test passes\. \[/,
    );
    expect((await refusalOf(bench, 'editor', own)).message).toContain('so nothing was sent');
    await refusalOf(createBench({ sharing: bench }), 'admin', own);
    expect(bench.creates).toHaveLength(1);
  });
});

test.describe('sessions of one account', () => {
  test('sign in one after the other until one was accepted, then side by side', async () => {
    const { bench, most, end } = countingBench();
    const all = ['one', 'two', 'three', 'four'].map((name) => acquire(bench, name));
    await settle();
    expect(bench.creates).toHaveLength(1);
    end();
    await bench.clock.runUntil(Promise.resolve());
    await settle();
    expect(bench.creates).toHaveLength(4);
    end();
    await bench.clock.runUntil(Promise.all(all));
    expect(most()).toBe(3);
  });

  test('sessions of one account in two processes take turns as well', async () => {
    const bench = createBench();
    const other = createBench({ sharing: bench });
    const errors = await bench.clock.runUntil(
      Promise.all([errorOf(acquire(bench, 'admin')), errorOf(acquire(other, 'editor'))]),
    );
    expect([...bench.creates, ...other.creates]).toHaveLength(1);
    expect(errors.map(({ code }) => code)).toEqual(['ERR_CREDENTIALS_REJECTED', 'ERR_CREDENTIALS_REJECTED']);
  });

  test('do not wait for another account', async () => {
    const bench = createBench();
    const first = errorOf(acquire(bench, 'admin'));
    await settle();
    bench.credentials = credentialsOf(right);
    const second = acquire(bench, 'customer');
    await settle();
    expect(bench.creates).toHaveLength(2);
    await bench.clock.runUntil(Promise.all([first, second]));
  });

  test('go on when the one before them failed otherwise, and stop when the run does', async () => {
    const bench = createBench();
    bench.flows.create = () =>
      bench.creates.length === 1 ? Promise.reject(new Error('slow')) : Promise.resolve(stateOf('in'));
    const all = names.map((name) => acquire(bench, name, { createAttempts: 1 }).catch(() => undefined));
    expect((await bench.clock.runUntil(Promise.all(all))).filter(Boolean)).toHaveLength(2);

    const stopping = createBench();
    const waiting = Promise.all(names.map((name) => errorOf(acquire(stopping, name))));
    await settle();
    stopping.stop();
    expect((await waiting).map(({ code }) => code)).toEqual(names.map(() => 'ERR_STOPPED'));
    expect(stopping.creates).toHaveLength(1);
  });
});

test.describe('a locked account', () => {
  test('gets no sign-in for an hour', async () => {
    const bench = createBench();
    bench.flows.create = () => Promise.reject(new AccountLockedError('Locked for 15 minutes'));
    const error = await refusalOf(bench, 'admin', { createAttempts: 5 });
    expect(error.message).toBe(
      'Session "admin": the application reports that its account is locked. Locked for 15 minutes. No session, command ' +
        'or run sends the same credentials again for an hour, so that the account is not locked. Unlock the ' +
        'account, or wait until the application does. Then run: npx playwright-auth-sessions renew admin ' +
        '[ERR_ACCOUNT_LOCKED]',
    );
    const later = createBench({ sharing: bench });
    expect(await refusalOf(later, 'editor')).toMatchObject({
      code: 'ERR_ACCOUNT_LOCKED',
      explanation: { failed: 'Session "editor": its account is locked, so nothing was sent.' },
    });
    expect([...bench.creates, ...later.creates]).toHaveLength(1);
    await bench.clock.advance(hourMs);
    await refusalOf(createBench({ sharing: bench }), 'editor');
  });

  for (const said of [
    'Your account has been locked.',
    'Too many failed attempts. Try again later.',
    'This account is temporarily disabled',
    'You are locked out for 15 minutes',
  ])
    test(`a locked account that a flow reports as a refusal gives no advice to check its values: ${said}`, async () => {
      const bench = createBench();
      bench.flows.create = () => Promise.reject(new CredentialsRejectedError(said));
      const { code, explanation } = await refusalOf(bench, 'admin');
      expect(code).toBe('ERR_CREDENTIALS_REJECTED');
      expect(explanation.next).toMatch(/^Unlock the account, or wait/);
      expect(explanation.known).toContain('for an hour');
    });

  for (const said of ['Wrong password. Is Caps Lock on?', 'Unknown user', 'The code is blocked by its age'])
    test(`is not what is refused otherwise: ${said}`, async () => {
      const bench = createBench();
      bench.flows.create = () => Promise.reject(new CredentialsRejectedError(said));
      expect((await refusalOf(bench, 'admin')).explanation.next).toMatch(/^Check the values/);
    });
});

test('a captcha fails the session for the run, and refuses no account', async () => {
  const bench = createBench();
  bench.flows.create = () => Promise.reject(new HumanNeededError('The page has a captcha'));
  const error = await refusalOf(bench, 'admin', { createAttempts: 5 });
  expect(error.message).toBe(
    'Session "admin": the application asks for a person. The page has a captcha. It is not tried again in this run. ' +
      'Turn this off for test accounts, or sign in by hand: npx playwright-auth-sessions record admin ' +
      '[ERR_HUMAN_NEEDED]',
  );
  expect(await refusalOf(bench, 'admin')).toBe(error);
  expect(bench.creates).toHaveLength(1);
  const later = createBench({ sharing: bench });
  await refusalOf(later, 'admin');
  expect(later.creates).toHaveLength(1);
});

/** A bench whose flows send a password that is refused a second later, unless it is the right one. */
function createBench(options: BenchOptions = {}, values: Record<string, string> = wrong): SessionBench {
  const bench = createSessionBench(options);
  const { create } = bench.flows;
  bench.credentials = credentialsOf(values);
  bench.flows.create = async (job) => {
    await bench.clock.sleep(1000, job.signal);
    if (job.values.password === right.password) return create(job);
    throw new CredentialsRejectedError('Wrong email or password');
  };
  return bench;
}

/** How many sign in at once; `end` lets those that do be accepted. */
function countingBench() {
  const bench = createBench({}, right);
  let most = 0;
  let waiting: (() => void)[] = [];
  bench.flows.create = async () => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      most = Math.max(most, waiting.length);
    });
    return stateOf('in');
  };
  const end = () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return { bench, most: () => most, end };
}

function credentialsOf(values: Record<string, string>): () => Promise<SignInCredentials> {
  return () => Promise.resolve({ values, nextCode: () => Promise.resolve('123456') });
}

function acquire(bench: SessionBench, name: string, own: Parameters<SessionBench['acquire']>[0] = {}) {
  return bench.acquire({ name, ...own }, name);
}

function take(bench: SessionBench, name: string, own: Parameters<SessionBench['acquire']>[0] = {}) {
  return bench.clock.runUntil(acquire(bench, name, own));
}

function refusalOf(bench: SessionBench, name: string, own: Parameters<SessionBench['acquire']>[0] = {}) {
  return errorOf(take(bench, name, own));
}
