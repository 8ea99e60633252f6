import { expect, test } from '@playwright/test';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { Vault } from '../../src/core/ports.js';
import { parseLogin, parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import type { CodeRequest } from '../../src/credentials/refuse-code.js';
import { createCredentialsDesk } from '../../src/credentials/credentials-desk.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { declareSession } from '../support/declared-session.js';
import { settle } from '../support/fake-clock.js';
import { createGate, errorOf, stopped } from '../support/session-bench.js';

type Answers = Awaited<ReturnType<Vault['resolveAll']>>;

const admin = sessionWith('admin');
const customer = sessionWith('customer');

test('gives a session its values, by parameter', async () => {
  const { desk } = createBench();
  expect((await desk.of(admin)).values).toEqual({
    username: 'value of op://qa/admin/username',
    password: 'value of op://qa/admin/password',
  });
});

test('asks the vault once for all that is needed, and never for codes', async () => {
  const { desk, asked } = createBench({ alsoNeeded: [customer] });
  await desk.of(admin);
  await desk.of(customer);
  await desk.of(admin);
  expect(asked).toEqual([
    [
      'op://qa/admin/username',
      'op://qa/admin/password',
      'op://qa/customer/username',
      'op://qa/customer/password',
    ],
  ]);
});

test('checks the code of a login only where the login has one', async () => {
  const { username, password, totp } = parseLogin('op://qa/admin');
  const session = declareSession({
    name: 'admin',
    values: new Map(Object.entries({ username, password })),
    code: totp,
  });
  const without = createBench({ hasCode: false });
  expect((await without.desk.of(session)).values).toEqual({
    username: 'value of op://qa/admin/username',
    password: 'value of op://qa/admin/password',
  });
  expect(without.checkedCodes).toEqual([]);
  const withCode = createBench();
  await withCode.desk.of(session);
  expect(withCode.checkedCodes).toEqual([totp.text]);
});

test('asks for a reference of two sessions once', async () => {
  const twin = declareSession({ name: 'twin', values: admin.values });
  const { desk, asked } = createBench({ alsoNeeded: [twin] });
  expect((await desk.of(admin)).values).toEqual((await desk.of(twin)).values);
  expect(asked).toEqual([['op://qa/admin/username', 'op://qa/admin/password']]);
});

test('shares one request among all who ask at once', async () => {
  const { desk, asked } = createBench({ alsoNeeded: [admin, customer] });
  const all = await Promise.all([admin, customer, admin, customer].map((session) => desk.of(session)));
  expect(asked).toHaveLength(1);
  expect(all[0]?.values).toEqual(all[2]?.values);
  expect(all[1]?.values).toMatchObject({ username: 'value of op://qa/customer/username' });
});

test('shares a request that is under way, and asks for the rest', async () => {
  const gate = createGate();
  const { desk, asked } = createBench({ before: () => gate.passed });
  const first = desk.of(admin);
  await settle();
  const both = declareSession({ name: 'both', values: new Map([...admin.values, ...renamed(customer)]) });
  const second = desk.of(both);
  await settle();
  gate.open();
  await Promise.all([first, second]);
  expect(asked[1]).toEqual(['op://qa/customer/username', 'op://qa/customer/password']);
});

test('asks nothing for a session without values', async () => {
  const { desk, asked } = createBench();
  expect((await desk.of(declareSession({ values: new Map() }))).values).toEqual({});
  expect(asked).toEqual([]);
});

test('has the redactor know each value before it is given', async () => {
  const { desk, redactor } = createBench();
  const { values } = await desk.of(admin);
  expect(redactor.redact(`typed ${values.username ?? ''} and ${values.password ?? ''}`)).toBe(
    'typed [redacted:admin.username] and [redacted:admin.password]',
  );
});

test('has the redactor know a value though another of the session is missing', async () => {
  const { desk, redactor } = createBench({ missing: ['op://qa/admin/password'] });
  await errorOf(desk.of(admin));
  expect(redactor.redact('value of op://qa/admin/username')).toBe('[redacted:admin.username]');
});

test.describe('a value with a greatest age', () => {
  test('is read again when it is older, and shared until then', async () => {
    let nowMs = 1000;
    const { desk, asked } = createBench({ maxAgeMs: 500, nowMs: () => nowMs });
    await desk.of(admin);
    nowMs += 499;
    await desk.of(admin);
    expect(asked).toHaveLength(1);
    nowMs += 1;
    await Promise.all([desk.of(admin), desk.of(admin)]);
    expect(asked).toHaveLength(2);
    nowMs += 499;
    await desk.of(admin);
    expect(asked).toHaveLength(2);
  });

  test('is no younger for a clock that was set back', async () => {
    let nowMs = 100_000;
    const { desk, asked } = createBench({ maxAgeMs: 500, nowMs: () => nowMs });
    await desk.of(admin);
    nowMs = 1000;
    await desk.of(admin);
    expect(asked).toHaveLength(2);
  });

  test('a missing value stays known as missing for the whole run', async () => {
    let nowMs = 0;
    const missing = ['op://qa/admin/username', 'op://qa/admin/password'];
    const { desk, asked } = createBench({ maxAgeMs: 500, nowMs: () => nowMs, missing });
    await errorOf(desk.of(admin));
    nowMs += 10_000;
    await errorOf(desk.of(admin));
    expect(asked).toHaveLength(1);
  });

  test('has none unless set in the project', async () => {
    let nowMs = 0;
    const { desk, asked } = createBench({ nowMs: () => nowMs });
    await desk.of(admin);
    nowMs += 1e12;
    await desk.of(admin);
    expect(asked).toHaveLength(1);
  });
});

test.describe('a reference that cannot be answered', () => {
  test('is reported with its session', async () => {
    const { desk } = createBench({ missing: ['op://qa/admin/password'] });
    const error = await errorOf(desk.of(admin));
    expect(error).toMatchObject({
      code: 'ERR_VAULT_NOT_FOUND',
      session: 'admin',
      reference: 'op://qa/admin/password',
    });
    expect(error.message).toBe(
      'Session "admin": Nothing is at "op://qa/admin/password". Look there. [ERR_VAULT_NOT_FOUND]',
    );
  });

  test('takes no other session with it', async () => {
    const { desk, asked } = createBench({ alsoNeeded: [customer], missing: ['op://qa/admin/password'] });
    await errorOf(desk.of(admin));
    expect((await desk.of(customer)).values).toMatchObject({
      password: 'value of op://qa/customer/password',
    });
    expect(asked).toHaveLength(1);
  });

  test('is reported together with the others of its session', async () => {
    const { desk } = createBench({ missing: ['op://qa/admin/username', 'op://qa/admin/password'] });
    expect((await errorOf(desk.of(admin))).message).toBe(
      [
        '2 things are wrong. ',
        '  - Session "admin": Nothing is at "op://qa/admin/username". Look there. [ERR_VAULT_NOT_FOUND]',
        '  - Session "admin": Nothing is at "op://qa/admin/password". Look there. [ERR_VAULT_NOT_FOUND] ',
        'Fix them all, then run again. [ERR_VAULT_NOT_FOUND]',
      ].join('\n'),
    );
  });

  test('is not asked for again in the run', async () => {
    const { desk, asked } = createBench({ missing: ['op://qa/admin/password'] });
    const [one, other] = [await errorOf(desk.of(admin)), await errorOf(desk.of(admin))];
    expect(one.message).toBe(other.message);
    expect(asked).toHaveLength(1);
  });

  test('is asked for again in a new run', async () => {
    const missing = ['op://qa/admin/password'];
    const { desk, asked } = createBench({ missing });
    await errorOf(desk.of(admin));
    missing.pop();
    desk.forgetFailures();
    expect((await desk.of(admin)).values.password).toBe('value of op://qa/admin/password');
    expect(asked).toHaveLength(2);
  });

  test('is an error as well when the vault forgets it', async () => {
    const { desk } = createBench({ before: () => Promise.resolve(new Map()) });
    const error = await errorOf(desk.of(sessionWith('admin', ['password'])));
    expect(error.message).toBe(
      'Session "admin": The vault returned no value for "op://qa/admin/password". Run again. If it fails ' +
        'again, report it. [ERR_VAULT_FAILED]',
    );
  });
});

test.describe('a vault that cannot be asked', () => {
  const gone = new AuthSessionsError('ERR_VAULT_UNREACHABLE', { failed: 'No answer.', next: 'Wait.' });

  test('is reported to all callers, and leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listen);
    try {
      const gate = createGate<never>();
      const { desk, asked } = createBench({ alsoNeeded: [customer], before: () => gate.passed });
      const waiting = [admin, customer, admin].map((session) => errorOf(desk.of(session)));
      await settle();
      const late = errorOf(desk.of(customer));
      gate.fail(gone);
      for (const error of await Promise.all([...waiting, late])) expect(error).toBe(gone);
      await settle();
      await settle();
      expect(asked).toHaveLength(1);
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });

  test('is reported to a caller that asks while it fails', async () => {
    const failing = Promise.reject(gone);
    const { desk } = createBench({ before: () => failing });
    const asks = [errorOf(desk.of(admin))];
    for (let turns = 0; turns < 12; turns += 1) {
      await Promise.resolve();
      asks.push(errorOf(desk.of(admin)));
    }
    for (const error of await Promise.all(asks)) expect(error).toBe(gone);
  });

  test('is asked again by the next who needs it', async () => {
    let fails = true;
    const { desk, asked } = createBench({
      before: () => (fails ? Promise.reject(gone) : Promise.resolve(undefined)),
    });
    expect(await errorOf(desk.of(admin))).toBe(gone);
    fails = false;
    expect((await desk.of(admin)).values).toMatchObject({ username: 'value of op://qa/admin/username' });
    expect(asked).toHaveLength(2);
  });
});

test.describe('a code', () => {
  test('is asked for as the session says, and known to the redactor before it is given', async () => {
    const { desk, redactor, codeRequests } = createBench();
    const session = declareSession({ totp: { periodSeconds: 60, digits: 8 } });
    const { nextCode } = await desk.of(session);
    const code = await nextCode(new AbortController().signal);
    expect(code).toBe('87654321');
    expect(redactor.redact(`code ${code}`)).toBe('code [redacted:admin.code]');
    expect(codeRequests).toMatchObject([
      { session: 'admin', reference: session.code, periodSeconds: 60, digits: 8 },
    ]);
  });

  test('is no longer waited for when the sign-in ends, or the run', async () => {
    for (const end of ['sign-in', 'run'] as const) {
      const { desk, codeRequests, stop } = createBench();
      const ended = new AbortController();
      await (await desk.of(admin)).nextCode(ended.signal);
      expect(codeRequests[0]?.signal.aborted).toBe(false);
      if (end === 'run') stop.abort(stopped());
      else ended.abort(stopped());
      expect(codeRequests[0]?.signal.reason).toMatchObject({ code: 'ERR_STOPPED' });
    }
  });

  test('a code that cannot be made is reported with its session and reference', async () => {
    const seedless = new AuthSessionsError('ERR_TOTP_SEED_INVALID', {
      failed: 'No seed.',
      next: 'Look there.',
    });
    const { desk } = createBench({ codeError: seedless });
    const { nextCode } = await desk.of(admin);
    expect(await errorOf(nextCode(new AbortController().signal))).toMatchObject({
      code: 'ERR_TOTP_SEED_INVALID',
      session: 'admin',
      reference: admin.code?.text,
      message: 'Session "admin": No seed. Look there. [ERR_TOTP_SEED_INVALID]',
    });
  });

  test('an error of the whole file is reported for the file, the same for every session', async () => {
    const seedError = new AuthSessionsError('ERR_LOCAL_FILE_INVALID', { failed: 'Bad line.', next: 'Mend.' });
    const { desk } = createBench({ seedError });
    expect(await errorOf(desk.of(admin))).toBe(seedError);
  });

  test('a code that cannot be made is found with everything else before a sign-in, and once', async () => {
    const seedError = new AuthSessionsError('ERR_TOTP_SEED_INVALID', { failed: 'No seed.', next: 'Look.' });
    const { desk } = createBench({ seedError, missing: ['op://qa/admin/password'] });
    const error = await errorOf(desk.of(admin));
    expect(error.message).toContain('2 things are wrong.');
    expect(error.message).toContain('Session "admin": Nothing is at "op://qa/admin/password".');
    expect(error.message).toContain('Session "admin": No seed.');
    const bench = createBench({ seedError });
    expect(await errorOf(bench.desk.of(admin, 'renew'))).toMatchObject({
      code: 'ERR_TOTP_SEED_INVALID',
      session: 'admin',
      reference: admin.code?.text,
    });
  });

  test('is checked once per run, and neither for tests of the sign-in nor without a code', async () => {
    const { desk, checkedCodes } = createBench();
    await desk.of(admin, 'test');
    await desk.of(declareSession({ code: undefined }));
    expect(checkedCodes).toEqual([]);
    await desk.of(admin);
    await desk.of(admin, 'renew');
    expect(checkedCodes).toEqual([admin.code?.text]);
    desk.forgetFailures();
    await desk.of(admin);
    expect(checkedCodes).toHaveLength(2);
  });

  test('a code that the session does not declare is an error', async () => {
    const { desk } = createBench();
    const { nextCode } = await desk.of(declareSession({ code: undefined }));
    const error = await errorOf(nextCode(new AbortController().signal));
    expect(error.message).toBe(
      'Session "admin" has no one-time code. totp() was called, but no parameter has "?attribute=otp". Add to ' +
        'its parameters: otp: "op://vault/item/one-time password?attribute=otp". ' +
        '[ERR_TOTP_NOT_DECLARED]',
    );
  });
});

function sessionWith(name: string, parameters = ['username', 'password']): DeclaredSession {
  return declareSession({
    name,
    values: new Map(
      parameters.map((parameter) => [parameter, parseSecretReference(`op://qa/${name}/${parameter}`)]),
    ),
  });
}

function renamed({ name, values }: DeclaredSession): [string, ReturnType<typeof parseSecretReference>][] {
  return [...values].map(([parameter, reference]) => [`${name} ${parameter}`, reference]);
}

interface BenchOptions {
  readonly maxAgeMs?: number;
  readonly nowMs?: () => number;
  readonly alsoNeeded?: readonly DeclaredSession[];
  readonly missing?: readonly string[];
  /** In place of a code. */
  readonly codeError?: AuthSessionsError;
  /** What a look at the code finds. */
  readonly seedError?: AuthSessionsError;
  /** Whether logins have a code. [true] */
  readonly hasCode?: boolean;
  /** Runs before the vault answers; what it gives is the answer. */
  readonly before?: () => Promise<unknown>;
}

function createBench({
  alsoNeeded = [],
  missing = [],
  before,
  codeError,
  seedError,
  hasCode = true,
  ...ages
}: BenchOptions = {}) {
  const asked: string[][] = [];
  const codeRequests: CodeRequest[] = [];
  const checkedCodes: string[] = [];
  const stop = new AbortController();
  const redactor = createRedactor();
  const vault: Vault = {
    kind: 'one-password',
    requestCount: () => asked.length,
    readCode: () => Promise.reject(new Error('codes have a desk of their own')),
    hasCode: () => Promise.resolve(hasCode),
    async resolveAll(references) {
      asked.push(references.map(({ text }) => text));
      const given = (await before?.()) as Answers | undefined;
      return (
        given ??
        new Map(
          references.map(({ text }) => [
            text,
            missing.includes(text) ? notFound(text) : new SecretValue(`value of ${text}`, text),
          ]),
        )
      );
    },
  };
  const desk = createCredentialsDesk({
    vault,
    redactor,
    ...ages,
    signal: stop.signal,
    alsoNeeded: (session) => Promise.resolve(alsoNeeded.filter((one) => one !== session)),
    codes: {
      check: ({ reference }) => {
        checkedCodes.push(reference.text);
        return seedError ? Promise.reject(seedError) : Promise.resolve();
      },
      handOut: (request) => {
        codeRequests.push(request);
        return codeError ? Promise.reject(codeError) : Promise.resolve('87654321');
      },
      count: () => codeRequests.length,
    },
  });
  return { desk, asked, checkedCodes, codeRequests, redactor, stop };
}

function notFound(reference: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_VAULT_NOT_FOUND',
    { failed: `Nothing is at "${reference}".`, next: 'Look there.' },
    { reference },
  );
}
