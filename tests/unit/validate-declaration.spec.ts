import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';

const good = { flow: './flow.ts', parameters: { username: 'op://qa/admin/username' } };
const withAdmin = (own: object) => ({ sessions: { admin: { ...good, ...own } } });
const withOption = (own: object) => ({ sessions: { admin: good }, ...own });

test('lets pass all there is to say', () => {
  const all = {
    ...{ baseURL: 'https://app.example/x', ttlSeconds: 0.5, trustSeconds: 0, checkAttempts: 1 },
    ...{
      createAttempts: 9,
      renew: false,
      writeBack: false,
      restore: 'eager',
      contextOptions: { locale: 'de', anything: 1 },
    },
    proxy: { server: 'http://p', bypass: 'a', username: 'b', password: 'c' },
    totp: { periodSeconds: 60, digits: 8 },
  };
  const flow = { create: () => Promise.resolve() };
  const declaration = {
    sessions: {
      admin: { ...good, ...all, type: 'credentials' },
      'Own.name_2-x': { ...all, flow, parameters: {} },
      'of-a-login': { ...all, flow, login: 'op://qa/admin' },
      'of-logins': { ...all, flow, login: 'op://qa/admin-${account}', accounts: 8 },
      recorded: { ...all, type: 'recorder' },
      'recorded-2': { ...all, type: 'recorder', flow },
      visitor: { ...all, type: 'runtime', flow, writeBack: 'test' },
    },
    ...{ environment: 'auto', whenMissing: 'skip', local: { files: ['.env'] }, store: { folder: 'x' } },
    ...{ onePassword: { integrationName: 'My tests', integrationVersion: '1.0' } },
    codes: { minRemainingSeconds: 0 },
  };
  expect(() => validateDeclaration(declaration, 'auth-sessions.ts')).not.toThrow();
});

test.describe('reports a wrong option, with its path:', () => {
  const wrong = 'Expected: ';
  for (const [declaration, path, told] of [
    [null, '', 'It is null. Expected: an object.'],
    [{}, 'sessions', 'It is missing. Add it.'],
    [{ sessions: {} }, 'sessions', 'It is of type object. Expected: at least one session.'],
    [{ sessions: 'x' }, 'sessions', 'It is a string. Expected: an object.'],
    [{ sessions: { admin: 'x' } }, 'sessions.admin', 'It is a string. Expected: an object.'],
    [
      { sessions: { '1st': good } },
      'sessions.1st',
      'It is a string. Expected: a session name of letters, digits,',
    ],
    [
      { sessions: { 'a/b': good } },
      'sessions.a/b',
      'It is a string. Expected: a session name of letters, digits,',
    ],
    [{ sessions: { admin: { flow: './f.ts' } } }, 'sessions.admin.parameters', 'It is missing. Add it.'],
    [{ sessions: { admin: { parameters: {} } } }, 'sessions.admin.flow', 'It is missing. Add it.'],
    [withAdmin({ flow: 5 }), 'sessions.admin.flow', 'It is 5. Expected: a flow or the path of its file.'],
    [
      withAdmin({ flow: {} }),
      'sessions.admin.flow',
      'It is of type object. Expected: a flow or the path of its file.',
    ],
    [withAdmin({ parameters: 'x' }), 'sessions.admin.parameters', 'It is a string. Expected: an object.'],
    [withAdmin({ parameters: { otp: 5 } }), 'sessions.admin.parameters.otp', 'It is 5. Expected: a string.'],
    [withAdmin({ ttlSeconds: 0 }), 'sessions.admin.ttlSeconds', 'It is 0. Expected: a number above 0.'],
    [withAdmin({ ttlSeconds: '9' }), 'sessions.admin.ttlSeconds', 'It is a string. Expected: a number.'],
    [withAdmin({ ttlSeconds: NaN }), 'sessions.admin.ttlSeconds', 'It is NaN. Expected: a number.'],
    [
      withAdmin({ minRemainingSeconds: -1 }),
      'sessions.admin.minRemainingSeconds',
      'It is -1. Expected: 0 or more.',
    ],
    [withAdmin({ trustSeconds: -1 }), 'sessions.admin.trustSeconds', 'It is -1. Expected: 0 or more.'],
    [
      withAdmin({ checkAttempts: 1.5 }),
      'sessions.admin.checkAttempts',
      'It is 1.5. Expected: a whole number.',
    ],
    [withAdmin({ createAttempts: 0 }), 'sessions.admin.createAttempts', 'It is 0. Expected: 1 or more.'],
    [withAdmin({ renew: 'no' }), 'sessions.admin.renew', 'It is a string. Expected: true or false.'],
    [
      withAdmin({ writeBack: true }),
      'sessions.admin.writeBack',
      "It is true. Expected: 'check', 'test' or false.",
    ],
    [
      withAdmin({ restore: 'later' }),
      'sessions.admin.restore',
      'It is a string. Expected: "lazy" or "eager".',
    ],
    [
      withAdmin({ baseURL: '/x' }),
      'sessions.admin.baseURL',
      'It is a string. Expected: an absolute http(s) URL.',
    ],
    [withAdmin({ proxy: 'x' }), 'sessions.admin.proxy', 'It is a string. Expected: an object.'],
    [withAdmin({ proxy: {} }), 'sessions.admin.proxy.server', 'It is missing. Add it.'],
    [withAdmin({ contextOptions: 1 }), 'sessions.admin.contextOptions', 'It is 1. Expected: an object.'],
    [withAdmin({ totp: { digits: 5 } }), 'sessions.admin.totp.digits', 'It is 5. Expected: 6 to 10.'],
    [
      withAdmin({ totp: { digits: 6.5 } }),
      'sessions.admin.totp.digits',
      'It is 6.5. Expected: a whole number.',
    ],
    [
      withAdmin({ totp: { periodSeconds: 0 } }),
      'sessions.admin.totp.periodSeconds',
      'It is 0. Expected: 1 or more.',
    ],
    [
      withAdmin({ type: 'x' }),
      'sessions.admin.type',
      'It is a string. Expected: "credentials" or "recorder" or',
    ],
    [withAdmin({ login: 1 }), 'sessions.admin.login', 'It is 1. Expected: a string.'],
    [
      { sessions: { admin: { flow: './flow.ts', login: 'op://qa/admin', accounts: [{}] } } },
      'sessions.admin.login',
      'It is a string. Expected: none, since each account of the list has its own parameters.',
    ],
    [
      { sessions: { admin: { flow: './flow.ts', login: 'op://qa/admin', accounts: 2 } } },
      'sessions.admin.login',
      'It is a string. Expected: ${account} in a reference, since the accounts differ by it.',
    ],
    [{ sessions: { a: { type: 'runtime' } } }, 'sessions.a.flow', 'It is missing. Add it.'],
    [
      withOption({ environment: 'ci' }),
      'environment',
      'It is a string. Expected: "auto" or "deployed" or "local".',
    ],
    [withOption({ whenMissing: 0 }), 'whenMissing', 'It is 0. Expected: "error" or "local" or "skip".'],
    [
      withOption({ onePassword: { integrationName: 'ü' } }),
      'onePassword.integrationName',
      'It is a string. Expected: 1',
    ],
    [
      withOption({ onePassword: { integrationVersion: '' } }),
      'onePassword.integrationVersion',
      'It is a string.',
    ],
    [
      withOption({ local: { files: [] } }),
      'local.files',
      'It is of type object. Expected: at least one file.',
    ],
    [withOption({ local: { files: [1] } }), 'local.files.0', 'It is 1. Expected: a string.'],
    [withOption({ store: { folder: '' } }), 'store.folder', 'It is a string. Expected: a folder.'],
    [
      withOption({ codes: { minRemainingSeconds: -1 } }),
      'codes.minRemainingSeconds',
      'It is -1. Expected: 0 or',
    ],
  ] as const)
    test(`${path || 'the whole'}, ${told.replace(wrong, '')}`, () => {
      const error = errorOf(declaration);
      expect(error.code).toBe('ERR_CONFIG_INVALID');
      expect(error.message).toContain(`Option "${path}" in auth-sessions.ts is invalid. ${told}`);
      expect(error.session).toBe(path.startsWith('sessions.') ? path.split('.')[1] : undefined);
    });
});

test.describe('reports an unknown option, and the similar one:', () => {
  for (const [declaration, path, meant] of [
    [withOption({ sesions: {} }), 'sesions', 'Did you mean "sessions"?'],
    [withOption({ codes: { minRemaining: 1 } }), 'codes.minRemaining', 'Known: "minRemainingSeconds".'],
    [withOption({ store: { Folder: 'x' } }), 'store.Folder', 'Did you mean "folder"?'],
    [withAdmin({ ttlSecond: 1 }), 'sessions.admin.ttlSecond', 'Did you mean "ttlSeconds"?'],
    [withAdmin({ baseUrl: 'https://x' }), 'sessions.admin.baseUrl', 'Did you mean "baseURL"?'],
    [withAdmin({ totp: { digit: 6 } }), 'sessions.admin.totp.digit', 'Did you mean "digits"?'],
    [withAdmin({ proxy: { server: 'x', sever: 1 } }), 'sessions.admin.proxy.sever', 'Did you mean "server"?'],
    [{ sessions: { a: { type: 'recorder', flows: 1 } } }, 'sessions.a.flows', 'Did you mean "flow"?'],
  ] as const)
    test(path, () => {
      expect(errorOf(declaration).message).toBe(
        `Option "${path}" in auth-sessions.ts is invalid. There is no option "${path.split('.').at(-1) ?? ''}". ` +
          `${meant} [ERR_CONFIG_INVALID]`,
      );
    });
});

test('does not suggest parameters to a session that takes none', () => {
  for (const type of ['recorder', 'runtime']) {
    const { message } = errorOf({ sessions: { admin: { ...good, type } } });
    expect(message).toContain('There is no option "parameters". Known: "baseURL"');
    expect(message.match(/"parameters"/g)).toHaveLength(1);
  }
});

test('reports everything at once', () => {
  const error = errorOf({
    sessions: { admin: { ...good, renew: 1, ttlSeconds: 0 }, customer: { type: 'runtime' } },
    environment: 'x',
  });
  expect(error.message.split('\n')).toEqual([
    '4 things are wrong. ',
    '  - Option "sessions.admin.ttlSeconds" in auth-sessions.ts is invalid. It is 0. Expected: a number above 0. ' +
      '[ERR_CONFIG_INVALID]',
    '  - Option "sessions.admin.renew" in auth-sessions.ts is invalid. It is 1. Expected: true or false. ' +
      '[ERR_CONFIG_INVALID]',
    '  - Option "sessions.customer.flow" in auth-sessions.ts is invalid. It is missing. Add it. [ERR_CONFIG_INVALID]',
    '  - Option "environment" in auth-sessions.ts is invalid. It is a string. Expected: "auto" or "deployed" or ' +
      '"local". [ERR_CONFIG_INVALID] ',
    'Fix them all, then run again. [ERR_CONFIG_INVALID]',
  ]);
});

test('never prints a string: it may be a secret in the wrong place', () => {
  const secret = 'hunter2';
  for (const declaration of [
    secret,
    { sessions: secret },
    { sessions: { admin: secret } },
    withAdmin({ parameters: secret }),
    withAdmin({ flow: { create: secret } }),
    withAdmin({ baseURL: secret, ttlSeconds: secret, renew: secret, writeBack: secret, type: secret }),
    withAdmin({ proxy: { server: { secret } }, totp: { digits: secret }, contextOptions: secret }),
    withOption({ environment: secret, codes: secret, local: { files: secret }, store: { folder: [secret] } }),
    withOption({ onePassword: { integrationName: `${secret}é`, integrationVersion: secret.repeat(9) } }),
  ])
    expect(errorOf(declaration).message).not.toContain(secret);
});

function errorOf(declaration: unknown): AuthSessionsError {
  try {
    validateDeclaration(declaration, 'auth-sessions.ts');
  } catch (error) {
    if (error instanceof AuthSessionsError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}
