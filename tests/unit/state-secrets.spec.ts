import { expect, test } from '@playwright/test';
import { secretsOfState } from '../../src/redaction/state-secrets.js';

const cookie = {
  domain: 'a',
  path: '/',
  expires: -1,
  httpOnly: true,
  secure: true,
  sameSite: 'Lax' as const,
};

function valuesOf(cookies: Record<string, string>, items: Record<string, string> = {}): string[] {
  const pairs = Object.entries(items).map(([name, value]) => ({ name, value }));
  const state = {
    playwright: {
      cookies: Object.entries(cookies).map(([name, value]) => ({ ...cookie, name, value })),
      origins: [{ origin: 'https://a', localStorage: pairs }],
    },
    sessionStorage: [
      { origin: 'https://a', items: pairs.map(({ name, value }) => ({ name, value: `s-${value}` })) },
    ],
  };
  return secretsOfState(state, 'admin').map((secret) => secret.reveal());
}

test('cookie values of six characters and more are secrets', () => {
  expect(valuesOf({ sid: 'abcdef', theme: 'dark' })).toEqual(['abcdef']);
});

test('a cookie that scripts may read and that holds a setting is no secret', () => {
  const readable = { ...cookie, httpOnly: false };
  const secrets = secretsOfState(
    {
      playwright: {
        cookies: [
          { ...readable, name: 'zone', value: 'Europe/Berlin' },
          { ...readable, name: 'since', value: '1700000000' },
          { ...readable, name: 'auth', value: 'somewhere' },
          { ...readable, name: 'visitor', value: 'k3j4h5' },
        ],
        origins: [],
      },
      sessionStorage: [],
    },
    'admin',
  );
  expect(secrets.map((secret) => secret.label)).toEqual(['admin cookie auth', 'admin cookie visitor']);
});

test('a cookie is a secret as it is sent, as it is meant, and in the tokens within it', () => {
  expect(valuesOf({ sid: 's%3Aabc.def%2Bghi' })).toEqual(['s%3Aabc.def%2Bghi', 's:abc.def+ghi']);
  const value = encodeURIComponent(JSON.stringify({ accessToken: '0123456789abcdef', theme: 'dark' }));
  expect(valuesOf({ sid: value })).toContain('0123456789abcdef');
});

test('storage values that are one long word are secrets, settings and sentences are not', () => {
  const items = {
    token: 'eyJhbGciOiJIUzI1NiJ9.e30.x',
    density: 'comfortable',
    note: 'a sentence of several words',
  };
  expect(valuesOf({}, items)).toEqual([items.token, `s-${items.token}`]);
});

test('tokens within JSON are secrets, as authentication libraries keep them', () => {
  const msal = JSON.stringify({
    secret: '0123456789abcdef',
    nested: { refresh: ['fedcba9876543210'] },
    expires: 1,
  });
  expect(valuesOf({}, { msal })).toEqual(['0123456789abcdef', 'fedcba9876543210', `s-${msal}`]);
});

test('settings, addresses and URLs are no secrets, tokens in URLs and under names of credentials are', () => {
  const items = {
    panel: 'showWelcomePanelAgain',
    mail: 'somebody@example.com',
    at: '2030-01-01T10:00:00.000Z',
    back: 'https://example.com/dashboard/of/somebody',
    callback: 'https://example.com/?code=0123456789abcdefg&lang=en',
    apiKey: 'k-12345678',
    huge: 'x'.repeat(20_000),
  };
  expect(valuesOf({}, items).filter((value) => !value.startsWith('s-'))).toEqual([
    '0123456789abcdefg',
    'k-12345678',
  ]);
});

test("a JWT's payload and signature are secrets too, its header is not", () => {
  const [header, payload, signature] = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJhZGEifQ', 'c2lnbmF0dXJlLW9m'];
  const token = `${header}.${payload}.${signature}`;
  expect(valuesOf({}, { token: `Bearer ${token}` }).slice(0, 3)).toEqual([token, payload, signature]);
});

test('tokens in IndexedDB are secrets, in plain and in encoded records', () => {
  const records = [
    { key: 1, value: { uid: 'ada', stsTokenManager: { accessToken: '0123456789abcdef' } } },
    { key: 2, valueEncoded: { o: [{ k: 'refresh', v: 'fedcba9876543210' }], id: 1 } },
  ];
  const indexedDB = [
    { name: 'auth', version: 1, stores: [{ name: 'users', autoIncrement: false, records, indexes: [] }] },
  ];
  const state = {
    playwright: { cookies: [], origins: [{ origin: 'https://a', localStorage: [], indexedDB }] },
    sessionStorage: [],
  };
  const secrets = secretsOfState(state, 'admin');
  expect(secrets.map((secret) => secret.reveal())).toEqual(['0123456789abcdef', 'fedcba9876543210']);
  expect(secrets[0]?.label).toBe('admin storage auth/users');
});

test("a passkey's private key is a secret in both alphabets of base64", () => {
  const credentials = [
    { id: 'id', rpId: 'example.com', userHandle: 'u', privateKey: 'MIG+/abc+defghi=', publicKey: 'p' },
  ];
  const playwright = { cookies: [], origins: [], credentials };
  const secrets = secretsOfState({ playwright, sessionStorage: [] }, 'admin');
  expect(secrets.map((secret) => [secret.label, secret.reveal()])).toEqual([
    ['admin passkey example.com', 'MIG+/abc+defghi'],
    ['admin passkey example.com', 'MIG-_abc-defghi'],
  ]);
});

test('takes no longer for a value that is made to take long', () => {
  const value = `${'a'.repeat(15_000)}1`;
  expect(valuesOf({}, { value })).toEqual([value, `s-${value}`]);
});

test('each is named after its session and its place', () => {
  const [secret] = secretsOfState(
    {
      playwright: { cookies: [{ ...cookie, name: 'sid', value: 'abcdefgh' }], origins: [] },
      sessionStorage: [],
    },
    'admin',
  );
  expect(secret?.label).toBe('admin cookie sid');
});
