import { expect, test } from '@playwright/test';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import type { AuthSessionDeclaration } from '../../src/core/auth-session.js';
import type { SharedSessionOptions } from '../../src/core/session-options.js';
import { completeSession } from '../../src/core/complete-session.js';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import type { AuthSessionsError } from '../../src/core/errors.js';

const flow: AuthFlow<string> = { create: () => Promise.resolve() };
const withNames: AuthFlow<string> = { ...flow, parameters: ['username', 'password'] };
const username = 'op://qa/admin/username';
const password = 'op://qa/admin/password';
const otp = 'op://qa/admin/one-time password?attribute=otp';

test('fills the defaults in', () => {
  const { session, errors } = complete({ flow: './flow.ts', parameters: { username, password, otp } });
  expect(errors).toEqual([]);
  expect(session).toMatchObject({
    ...{
      name: 'admin',
      type: 'credentials',
      flow,
      flowDigest: 'digest',
      baseURL: undefined,
      proxy: undefined,
    },
    minRemainingSeconds: 60,
    ...{ ttlSeconds: 43_200, trustSeconds: 300, checkAttempts: 3, createAttempts: 2, renew: true },
    ...{ writeBack: 'check', restore: 'lazy', contextOptions: {}, totp: {} },
  });
});

test('keeps what is declared, also where it is false or 0', () => {
  const own: SharedSessionOptions = {
    baseURL: 'https://app.example',
    ttlSeconds: 1,
    trustSeconds: 0,
    checkAttempts: 1,
    createAttempts: 1,
    renew: false,
    writeBack: false,
    restore: 'eager',
    proxy: { server: 'http://p' },
    contextOptions: { locale: 'de' },
    totp: { periodSeconds: 60, digits: 8 },
  };
  const { session } = complete({ ...own, flow: './flow.ts', parameters: {} });
  expect(session).toMatchObject({ ...own });
});

test('parts values and code, by what the reference says and not by its name', () => {
  const { session } = complete({ flow: './flow.ts', parameters: { username, second: otp, otp: password } });
  expect([...session.values].map(([name, { text }]) => [name, text])).toEqual([
    ['username', username],
    ['otp', password],
  ]);
  expect(session.code).toMatchObject({ text: otp, kind: 'totp' });
});

test.describe('a login', () => {
  const login = 'op://qa/admin';

  test('gives the username, the password and the code', () => {
    const { session, errors } = complete({ flow: './flow.ts', login });
    expect(errors).toEqual([]);
    expect([...session.values].map(([name, { text, purpose }]) => [name, text, purpose])).toEqual([
      ['username', username, 'username'],
      ['password', password, 'password'],
    ]);
    expect(session.code).toMatchObject({ text: otp, purpose: 'totp' });
  });

  test('gives what the flow takes, and parameters give the rest or replace it', () => {
    const ofFlow = { ...flow, parameters: ['password', 'tenant'] };
    const tenant = 'op://qa/admin/tenant';
    const { session, errors } = complete({ flow: './flow.ts', login, parameters: { tenant } }, ofFlow);
    expect(errors).toEqual([]);
    expect([...session.values.keys()]).toEqual(['password', 'tenant']);
    const own = 'op://qa/other/password';
    const code = 'op://qa/other/code?attribute=otp';
    const replaced = complete({ flow: './flow.ts', login, parameters: { password: own, second: code } });
    expect(replaced.session.values.get('password')).toMatchObject({ text: own });
    expect(replaced.session.code).toMatchObject({ text: code });
    expect(replaced.errors).toEqual([]);
  });

  test('is reported with its session where it is malformed', () => {
    const { errors } = complete({ flow: './flow.ts', login: 'op://qa' as never });
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Session "admin", login: Secret reference "op:\/\/qa" is malformed/),
    ]);
  });
});

test('gives a recorder and a runtime session no values', () => {
  for (const type of ['recorder', 'runtime'] as const) {
    const { session, errors } = complete({ type, flow: './flow.ts' }, withNames);
    expect(session).toMatchObject({ type, code: undefined, values: new Map() });
    expect(errors).toEqual([]);
  }
});

test('expands variables in references', () => {
  const { session } = complete({
    flow: './flow.ts',
    parameters: { username: 'op://${VAULT}/admin/username' },
  });
  expect(session.values.get('username')).toMatchObject({ vault: 'qa' });
});

test('reports every malformed reference, with session and parameter', () => {
  const { errors } = complete({
    flow: './flow.ts',
    parameters: { username: 'op://qa//username', password: 'hunter2' as 'op://a/b/c', otp },
  });
  expect(errors.map(({ code, session, reference }) => [code, session, reference])).toEqual([
    ['ERR_REFERENCE_INVALID', 'admin', 'op://qa//username'],
    ['ERR_REFERENCE_INVALID', 'admin', undefined],
  ]);
  expect(errors[0]?.message).toContain(
    'Session "admin", parameter "username": Secret reference "op://qa//username" is malformed.',
  );
  expect(errors[1]?.message).toContain(
    'Session "admin", parameter "password": A parameter is not a secret reference.',
  );
  expect(String(errors[1])).not.toContain('hunter2');
});

test('reports a parameter that its flow needs and the session lacks', () => {
  const { errors } = complete({ flow: './flow.ts', parameters: { username, otp } }, withNames);
  expect(errors.map(({ message }) => message)).toEqual([
    'Session "admin": parameter "password" is missing. The flow requires it. Add password: "op://…" to the session. ' +
      '[ERR_CONFIG_INVALID]',
  ]);
});

test('reports a parameter that its flow does not use', () => {
  const parameters = { username, password, pasword: password } as const;
  expect(complete({ flow: './flow.ts', parameters }, withNames).errors.map(({ message }) => message)).toEqual(
    [
      'Session "admin": parameter "pasword" is not a parameter of its flow. Did you mean "password"? ' +
        '[ERR_CONFIG_INVALID]',
    ],
  );
});

test('reports missing parameters only where the references can be read', () => {
  const { errors } = complete({ flow: './flow.ts', parameters: { username: 'op://qa//x' } }, withNames);
  expect(errors.map(({ code }) => code)).toEqual(['ERR_REFERENCE_INVALID']);
});

test('accepts any parameters for a flow that names none', () => {
  expect(complete({ flow: './flow.ts', parameters: { email: username } }).errors).toEqual([]);
});

test('reports a second code', () => {
  const { errors } = complete({ flow: './flow.ts', parameters: { username, otp, second: otp } });
  expect(errors.map(({ message }) => message)).toEqual([
    'Session "admin" has 2 one-time code parameters. They are otp, second. Keep one reference with ' +
      '?attribute=otp: a session is one account. [ERR_CONFIG_INVALID]',
  ]);
});

function complete(
  declaration: AuthSessionDeclaration,
  loaded = flow,
): { session: DeclaredSession; errors: AuthSessionsError[] } {
  const errors: AuthSessionsError[] = [];
  const variables = { VAULT: 'qa' };
  const session = completeSession('admin', declaration, {
    loaded: { flow: loaded, digest: 'digest' },
    variables,
    errors,
  });
  return { session, errors };
}
