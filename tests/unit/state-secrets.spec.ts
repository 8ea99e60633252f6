import { expect, test } from '@playwright/test';
import { secretsOfState } from '../../src/core/state-secrets.js';

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

test('cookie values of eight characters and more are secrets', () => {
  expect(valuesOf({ sid: 'abcdefgh', theme: 'dark' })).toEqual(['abcdefgh']);
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
