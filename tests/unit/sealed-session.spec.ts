import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { openSession, sealSession, type SessionRecord } from '../../src/core/sealed-session.js';
import { propertyRuns } from '../support/property-runs.js';

const key = { bytes: new Uint8Array(32).fill(7), id: '0011223344556677' };
const here = { entryKey: 'admin-1', key };
const header = { alg: 'dir', enc: 'A256GCM', typ: 'auth-session+jwe', kid: key.id, v: 1, entry: 'admin-1' };

const record: SessionRecord = {
  id: 'a1b2',
  session: 'admin',
  createdAtMs: 1_700_000_000_000,
  checkedAtMs: 1_700_000_000_001,
  state: {
    playwright: {
      cookies: [
        {
          name: 'sid',
          value: 'secret-cookie-value',
          domain: 'example.test',
          path: '/',
          expires: -1,
          httpOnly: true,
          secure: true,
          sameSite: 'Lax',
        },
      ],
      origins: [{ origin: 'https://example.test', localStorage: [{ name: 'a', value: 'b' }] }],
    },
    sessionStorage: [{ origin: 'https://example.test', items: [{ name: 'c', value: 'd' }] }],
  },
};

test('gives back what was sealed', async () => {
  expect(await openSession(await sealSession(record, here), here)).toEqual({ ok: true, record });
});

test('gives back any text, and what a later Playwright adds', async () => {
  const property = fc.asyncProperty(fc.string({ unit: 'binary' }), fc.json(), async (text, json) => {
    const [cookie] = record.state.playwright.cookies;
    const playwright = {
      cookies: [{ ...cookie!, value: text, partitionKey: text }],
      origins: [
        { origin: text, localStorage: [{ name: text, value: json }], indexedDB: JSON.parse(json) as unknown },
      ],
      credentials: [{ constructor: text, id: text, rpId: text, privateKey: text }],
    };
    const any = { ...record, session: text, state: { ...record.state, playwright } };
    const opened = await openSession(await sealSession(any, here), here);
    expect(opened).toEqual({ ok: true, record: JSON.parse(JSON.stringify(any)) as unknown });
  });
  await fc.assert(property);
});

test('shows nothing of what is in it, and never the same text twice', async () => {
  const sealed = await sealSession(record, here);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('secret-cookie');
  expect(sealed.split('.')).toHaveLength(5);
  expect(await sealSession(record, here)).not.toBe(sealed);
});

test('is a standard compact JWE with AES-256-GCM, which names key and entry', async () => {
  const sealed = await sealSession(record, here);
  expect(decodeProtectedHeader(sealed)).toEqual(header);
  const { plaintext } = await compactDecrypt(sealed, key.bytes);
  expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual(record);
});

test('rejects what is not sealed', async () => {
  const other = await new CompactEncrypt(new Uint8Array(1))
    .setProtectedHeader({ ...header, typ: 'JWT' })
    .encrypt(key.bytes);
  const texts = ['', '{}', JSON.stringify(record), '....', 'a.b.c.d.e', 'bnVsbA....', 'W10....', other];
  for (const text of texts)
    expect(await openSession(text, here)).toEqual({ ok: false, reason: 'not-sealed' });
});

test('never opens what is not sealed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      expect(await openSession(text, here)).toEqual({ ok: false, reason: 'not-sealed' });
    }),
  );
});

test('rejects another version, even one that it could decrypt', async () => {
  for (const v of [0, 2, '1', null]) {
    const sealed = await sealAs({ ...header, v }, record);
    expect(await openSession(sealed, here)).toEqual({ ok: false, reason: 'unknown-version' });
  }
});

test('rejects what another key has sealed', async () => {
  const other = { bytes: new Uint8Array(32).fill(8), id: '8899aabbccddeeff' };
  const sealed = await sealSession(record, { ...here, key: other });
  expect(await openSession(sealed, here)).toEqual({ ok: false, reason: 'other-key' });
  const claims = { bytes: other.bytes, id: key.id };
  const forged = await sealSession(record, { ...here, key: claims });
  expect(await openSession(forged, here)).toEqual({ ok: false, reason: 'altered' });
});

test('rejects an entry that was copied to the place of another', async () => {
  const sealed = await sealSession(record, { ...here, entryKey: 'customer-1' });
  expect(await openSession(sealed, here)).toEqual({ ok: false, reason: 'other-entry' });
});

test('rejects an entry whose header was rewritten to fit', async () => {
  const sealed = await sealSession(record, { ...here, entryKey: 'customer-1' });
  const rewritten = Buffer.from(JSON.stringify(header)).toString('base64url');
  const forged = sealed.replace(/^[^.]*/, rewritten);
  expect(await openSession(forged, here)).toEqual({ ok: false, reason: 'altered' });
});

test('rejects other algorithms, critical extensions and compression', async () => {
  const weaker = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ ...header, enc: 'A128GCM' })
    .encrypt(key.bytes.subarray(16));
  const wrapped = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ ...header, alg: 'A256GCMKW' })
    .encrypt(key.bytes);
  const zipped = await sealAs({ ...header, zip: 'DEF' }, record);
  const critical = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ ...header, crit: ['v'] })
    .encrypt(key.bytes, { crit: { v: true } });
  for (const sealed of [weaker, wrapped, zipped, critical])
    expect(await openSession(sealed, here)).toEqual({ ok: false, reason: 'altered' });
});

test('rejects a text that differs in any one character', async () => {
  const sealed = await sealSession(record, here);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .\n\0é';
  for (let index = 0; index < sealed.length; index++) {
    const letter = letters[(index * 31) % letters.length]!;
    const altered = sealed.slice(0, index) + letter + sealed.slice(index + 1);
    if (altered !== sealed)
      expect(await openSession(altered, here), `at ${index}`).toMatchObject({ ok: false });
  }
});

test('rejects a text with any bit flipped, any part missing or anything added', async () => {
  const sealed = await sealSession(record, here);
  const anyIndex = fc.nat(sealed.length - 1);
  const flipped = fc.tuple(anyIndex, fc.nat(7)).map(([index, bit]) => {
    const bytes = Buffer.from(sealed, 'latin1');
    bytes[index]! ^= 1 << bit;
    return bytes.toString('latin1');
  });
  const cut = fc.tuple(anyIndex, anyIndex).map(([one, other]) => {
    const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
    return sealed.slice(0, from) + sealed.slice(to);
  });
  const added = fc
    .tuple(anyIndex, fc.string({ minLength: 1 }))
    .map(([index, text]) => sealed.slice(0, index) + text + sealed.slice(index));
  const property = fc.asyncProperty(fc.oneof(flipped, cut, added), async (altered) => {
    expect(await openSession(altered, here)).toMatchObject({ ok: false });
  });
  await fc.assert(property, { numRuns: propertyRuns(1000) });
});

test('accepts one spelling only of the same bytes', async () => {
  const sealed = await sealSession(record, here);
  const last = sealed.at(-1)!;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twin = letters[letters.indexOf(last) + 1]!; // the tag's last letter has four unused bits
  for (const altered of [sealed.slice(0, -1) + twin, `${sealed}=`, `${sealed}\n`, ` ${sealed}`])
    expect(await openSession(altered, here)).toMatchObject({ ok: false });
});

test('rejects a sealed text that is no session', async () => {
  const { session, ...withoutSession } = record;
  const wrong = [
    null,
    [],
    'text',
    withoutSession,
    { ...record, createdAtMs: '1' },
    { ...record, state: { playwright: record.state.playwright } },
    { ...record, state: { ...record.state, playwright: { cookies: [{ name: session }], origins: [] } } },
  ];
  for (const payload of wrong)
    expect(await openSession(await sealAs(header, payload), here)).toEqual({
      ok: false,
      reason: 'malformed',
    });
  const noJson = await new CompactEncrypt(new TextEncoder().encode('{'))
    .setProtectedHeader(header)
    .encrypt(key.bytes);
  expect(await openSession(noJson, here)).toEqual({ ok: false, reason: 'malformed' });
});

async function sealAs(protectedHeader: Record<string, unknown>, payload: unknown): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ ...header, ...protectedHeader })
    .encrypt(key.bytes);
}
