import { expect, test } from '@playwright/test';
import { entryKey } from '../../src/core/entry-key.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { declareSession } from '../support/declared-session.js';

const url = 'https://app.example';
const session = declareSession();
const key = entryKey(session, url);

test('is a name that every store accepts, and shows whose it is', () => {
  expect(key).toMatch(/^admin-[0-9a-f]{32}$/);
  expect(entryKey(declareSession({ name: 'A'.repeat(64) }), url)).toMatch(/^[A-Za-z0-9._-]{1,200}$/);
});

for (const [part, other] of [
  ['the name', declareSession({ name: 'customer' })],
  ['the type', declareSession({ type: 'runtime' })],
  ['the flow', declareSession({ flowDigest: 'edited' })],
  ['a reference', declareSession({ values: valuesOf(['username', 'op://qa/other/username']) })],
  ["a parameter's name", declareSession({ values: valuesOf(['email', 'op://qa/admin/username']) })],
  ['the number of parameters', declareSession({ values: new Map() })],
  ['the code', declareSession({ code: parseSecretReference('op://qa/other/otp?attribute=otp') })],
  ['having a code', declareSession({ code: undefined })],
  ['the proxy', declareSession({ proxy: { server: 'http://proxy.example' } })],
] as const)
  test(`changes with ${part}`, () => {
    expect(entryKey(other, url)).not.toBe(key);
  });

test('changes with the base URL', () => {
  const urls = [undefined, url, 'http://app.example', 'https://app.example:8443', 'https://app.example/shop'];
  expect(new Set(urls.map((one) => entryKey(session, one))).size).toBe(urls.length);
});

test('does not change with the spelling of the base URL', () => {
  for (const one of ['https://app.example/', 'https://APP.example', 'https://app.example:443'])
    expect(entryKey(session, one)).toBe(key);
  expect(entryKey(session, '')).toBe(entryKey(session, undefined));
  expect(entryKey(session, 'no url')).not.toBe(key);
});

test('does not change with the case of references, nor with the order of parameters', () => {
  const upper = [
    ['password', 'op://QA/Admin/PASSWORD'],
    ['username', 'op://QA/ADMIN/Username'],
  ] as const;
  const code = parseSecretReference('op://QA/Admin/One-Time Password?attribute=totp');
  expect(entryKey(declareSession({ values: valuesOf(...upper), code }), url)).toBe(key);
});

test('does not change with what no state depends on', () => {
  const other = declareSession({
    ...{
      ttlSeconds: 1,
      trustSeconds: 1,
      checkAttempts: 1,
      createAttempts: 1,
      renew: false,
      writeBack: false,
    },
    totp: { digits: 8 },
  });
  expect(entryKey(other, url)).toBe(key);
});

test('is the same in every release, so that an update signs nobody in again', () => {
  expect(key).toBe('admin-df6073bf5b68966c120e6c0dd5db108a');
});

function valuesOf(...parameters: (readonly [string, string])[]) {
  return new Map(parameters.map(([name, text]) => [name, parseSecretReference(text)]));
}
