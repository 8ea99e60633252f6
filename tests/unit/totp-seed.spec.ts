import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { parseTotpSeed, totpCode } from '../../src/vault/local/totp-seed.js';

/** RFC 6238, appendix B: one ASCII text, as long as each hash; and its table. */
const digits = '1234567890'.repeat(7);
const table = [
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
] as const;

for (const [column, [algorithm, bytes]] of (
  [
    ['SHA1', 20],
    ['SHA256', 32],
    ['SHA512', 64],
  ] as const
).entries())
  test(`gives the codes of RFC 6238, appendix B, with ${algorithm}`, async () => {
    const secret = base32(digits.slice(0, bytes));
    const uri = `otpauth://totp/RFC:6238?secret=${secret}&algorithm=${algorithm}&digits=8&period=30`;
    const seed = parseTotpSeed(uri, place);
    for (const [seconds, ...codes] of table)
      expect(await totpCode(seed, { nowMs: seconds * 1000 + 999 })).toBe(codes[column]);
  });

const place = { name: 'QA__ADMIN__OTP (.env)', fix: 'Write it there.' };

test.describe('a seed', () => {
  const plain = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  for (const [what, text] of [
    ['as applications show it', 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'],
    ['in lower case', 'gezdgnbvgy3tqojqgezdgnbvgy3tqojq'],
    ['with hyphens, padding and space around', ' GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ==\n'],
    ['as a URI', `otpauth://totp/Acme:ada%40acme.example?secret=${plain}&issuer=Acme`],
    ['as a URI in capitals', `OTPAUTH://TOTP/Acme?secret=${plain}`],
    ['as a URI with spaces in the seed', `otpauth://totp/x?secret=${plain.replaceAll(/(.{4})/g, '$1%20')}`],
  ] as const)
    test(`is read ${what}, with the usual parameters`, () => {
      expect(parseTotpSeed(text, place)).toEqual({
        ...{ secret: plain, algorithm: 'sha1', digits: 6, periodSeconds: 30 },
      });
    });

  test('has the parameters of its URI', async () => {
    const seed = parseTotpSeed(`otpauth://totp/x?secret=${plain}&algorithm=SHA256&digits=8&period=60`, place);
    expect(seed).toEqual({ secret: plain, algorithm: 'sha256', digits: 8, periodSeconds: 60 });
    const first = await totpCode(seed, { nowMs: 60_000 });
    expect(first).toHaveLength(8);
    expect(await totpCode(seed, { nowMs: 119_999 })).toBe(first);
    expect(await totpCode(seed, { nowMs: 120_000 })).not.toBe(first);
  });

  test('may be as short as 80 bits, and as long as one likes', async () => {
    for (const length of [16, 18, 20, 21, 23, 24, 26, 29, 32, 104, 200, 416]) {
      const seed = parseTotpSeed('A'.repeat(length - 1) + 'Z', place);
      expect(await totpCode(seed, { nowMs: 0 })).toMatch(/^\d{6}$/);
    }
  });

  test('may have bits beyond its last byte, as some applications write them', async () => {
    const codes = ['GEZDGNBVGY3TQOJQGE', 'GEZDGNBVGY3TQOJQGH', 'GEZDGNBVGY3TQOJQGF'].map((text) =>
      totpCode(parseTotpSeed(text, place), { nowMs: 59_000 }),
    );
    expect(new Set(await Promise.all(codes)).size).toBe(1);
  });
});

test.describe('says what is wrong with a seed, and never the seed:', () => {
  for (const [text, known] of [
    ['', 'It is empty.'],
    [' - = ', 'It is empty.'],
    ['GEZDGNBVGY3TQ0JQ', 'Character 14 of its seed is not Base32 (A-Z, 2-7).'],
    ['GEZD GNBV GY3T QOJ1', 'Character 16 of its seed is not Base32 (A-Z, 2-7).'],
    ['GEZDGNBVGY3TQOJ', 'Its seed has 15 characters, but 80 bits need at least 16.'],
    ['GEZDGNBVGY3TQOJQG', 'Its seed has 17 characters, which no Base32 text has: some are missing.'],
    ['GEZDGNBVGY3TQOJQGEZ', 'Its seed has 19 characters, which no Base32 text has: some are missing.'],
    ['GEZDGNBVGY3TQOJQGEZDGN', 'Its seed has 22 characters, which no Base32 text has: some are missing.'],
    [
      'otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ&counter=0',
      'It is a counter-based URI (otpauth://hotp/…), which',
    ],
    ['otpauth://totp/x', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&algorithm=MD5', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=9', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&period=0', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth:GEZDGNBVGY3TQOJQ', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=GEZDGNBV%', 'It is not a well-formed otpauth:// URI.'],
    ['otpauth://totp/x?secret=hunter2hunter211', 'Character 15 of its seed is not Base32 (A-Z, 2-7).'],
  ] as const)
    test(JSON.stringify(text), () => {
      const error = errorOf(text);
      expect(error.code).toBe('ERR_TOTP_SEED_INVALID');
      expect(error.explanation.known).toContain(known);
      for (const part of ['GEZD', 'QOJQ', 'hunter', 'otpauth://totp/x'])
        expect(error.message).not.toContain(part);
      expect(error.cause).toBeUndefined();
    });

  test('a whole message', () => {
    expect(errorOf('').message).toBe(
      'The TOTP seed in QA__ADMIN__OTP (.env) is invalid. It is empty. Write it there. A seed is Base32 (A-Z and 2-7, ' +
        '16 or more, such as JBSW Y3DP …) or an otpauth://totp/… URI, which the application shows when TOTP is set ' +
        'up. [ERR_TOTP_SEED_INVALID]',
    );
  });
});

function errorOf(text: string): AuthSessionsError {
  try {
    parseTotpSeed(text, place);
  } catch (error) {
    if (error instanceof AuthSessionsError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[parseInt(five.padEnd(5, '0'), 2)]).join('');
}
