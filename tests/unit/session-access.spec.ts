import { expect, test } from '@playwright/test';
import { accessOptions } from '../../src/browser/access-options.js';
import { defineAuthSessions, type AuthSessionDeclaration } from '../../src/core/auth-session.js';
import { completeSession } from '../../src/core/complete-session.js';
import { entryKey } from '../../src/core/entry-key.js';
import type { AuthSessionsError } from '../../src/core/errors.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';
import { withAccess } from '../../src/flow/with-access.js';
import { secretsOfState } from '../../src/redaction/state-secrets.js';
import { stateOf } from '../support/declared-session.js';

const basic = { username: 'op://qa/gate/username', password: 'op://qa/gate/password' } as const;
const certificate = { cert: 'op://qa/partner/cert', key: 'op://qa/partner/key' } as const;
const pem = (kind: string, body: string) => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;
const key = pem('PRIVATE KEY', `${'Qk3'.repeat(20)}\n${'vX9'.repeat(8)}=`);

test.describe('the declaration of HTTP credentials and client certificates', () => {
  test('needs no flow', () => {
    const declared = defineAuthSessions({
      sessions: { one: { httpCredentials: basic }, two: { clientCertificates: [certificate] } },
    });
    expect(() => validateDeclaration(declared, 'sessions.ts')).not.toThrow();
  });

  for (const [what, session] of [
    ['neither a flow nor access', {}],
    ['parameters without a flow', { httpCredentials: basic, parameters: {} }],
    ['a misspelt field', { httpCredentials: { user: 'x', password: 'y' } }],
    ['a certificate without its key', { clientCertificates: [{ cert: 'op://a/b/c' }] }],
    ['an origin that is no URL', { httpCredentials: { ...basic, origin: 'files.example' } }],
    ['a runtime session', { type: 'runtime', flow: 'flow.ts', httpCredentials: basic }],
  ] as const)
    test(`is refused with ${what}`, () => {
      const refused = () => validateDeclaration({ sessions: { one: session } }, 'sessions.ts');
      expect(refused).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    });

  test('has references only: a value and a one-time code are refused, all at once', () => {
    const errors: AuthSessionsError[] = [];
    const password = 'Right-horse-9' as 'op://a/b/c';
    complete(
      {
        httpCredentials: [
          { ...basic, password },
          { ...basic, password: 'op://qa/a/b?attribute=otp' },
        ],
      },
      errors,
    );
    expect(errors.map(({ code }) => code)).toEqual(['ERR_REFERENCE_INVALID', 'ERR_CONFIG_INVALID']);
    expect(errors.join()).toContain('httpCredentials[1].password');
    expect(errors.join()).not.toContain('Right-horse');
  });

  test('changes the entry of the session: another reference or origin is another state', () => {
    const sessions = [
      {},
      { httpCredentials: basic },
      { httpCredentials: { ...basic, origin: 'https://other.example' } },
      { httpCredentials: { ...basic, password: 'op://qa/gate/other' } },
      { clientCertificates: [certificate] },
    ].map((one) => complete(one));
    expect(new Set(sessions.map((one) => entryKey(one, 'https://app.example'))).size).toBe(sessions.length);
  });
});

test.describe('a sign-in with access', () => {
  const session = complete({
    baseURL: 'https://app.example/shop',
    httpCredentials: [basic, { ...basic, origin: 'https://files.example/x', send: 'always' }],
    clientCertificates: [certificate],
  });
  const values = {
    'httpCredentials[0].username': 'ada',
    'httpCredentials[0].password': 'one-horse-1',
    'httpCredentials[1].username': 'bob',
    'httpCredentials[1].password': 'two-horse-2',
    'clientCertificates[0].cert': pem('CERTIFICATE', 'Y2VydA=='),
    'clientCertificates[0].key': key.trim().replaceAll('\n', ' '),
  };
  const job = {
    session,
    place: place(undefined),
    signal: new AbortController().signal,
    values,
    nextCode: noCode,
  };

  test('starts with each at its origin, and PEM gets its line breaks back', () => {
    expect(withAccess(job)).toMatchObject({
      from: {
        access: {
          httpCredentials: [
            { origin: 'https://app.example', username: 'ada', password: 'one-horse-1' },
            { origin: 'https://files.example', username: 'bob', send: 'always' },
          ],
          clientCertificates: [{ origin: 'https://app.example', cert: pem('CERTIFICATE', 'Y2VydA=='), key }],
        },
      },
    });
    const escaped = { ...values, 'clientCertificates[0].key': key.trim().replaceAll('\n', '\\n') };
    expect(withAccess({ ...job, values: escaped }).from?.access?.clientCertificates?.[0]?.key).toBe(key);
  });

  test('needs an origin', () => {
    const without = { ...job, session: { ...session, baseURL: undefined } };
    expect(() => withAccess(without)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });

  test('registers passwords, tokens of HTTP Basic, and keys with and without line breaks', () => {
    const { from = stateOf() } = withAccess(job);
    const known = secretsOfState(from, 'app').map((one) => one.reveal());
    const token = Buffer.from('ada:one-horse-1').toString('base64');
    const body = `${'Qk3'.repeat(20)}${'vX9'.repeat(8)}=`;
    expect(known).toEqual(expect.arrayContaining(['one-horse-1', token, 'two-horse-2', key.trim(), body]));
  });

  test('gives Playwright one account alone, or a list if its version takes one', () => {
    const { access } = withAccess(job).from ?? {};
    const one = { httpCredentials: access?.httpCredentials?.slice(0, 1) };
    expect(accessOptions(one, '1.62.0').httpCredentials).toMatchObject({ username: 'ada' });
    expect(accessOptions(access, '1.63.0').httpCredentials).toHaveLength(2);
    expect(accessOptions(access, '2.0.0').clientCertificates?.[0]?.key).toEqual(Buffer.from(key));
    expect(() => accessOptions(access, '1.62.9')).toThrow(
      expect.objectContaining({ code: 'ERR_PLAYWRIGHT_TOO_OLD' }),
    );
  });
});

function complete(declaration: object, errors: AuthSessionsError[] = []) {
  const loaded = { flow: undefined, digest: 'none' };
  return completeSession('one', declaration as AuthSessionDeclaration, { loaded, variables: {}, errors });
}

function place(baseURL: string | undefined) {
  return { baseURL, project: undefined };
}

async function noCode(): Promise<string> {
  return Promise.reject(new Error('no code'));
}
