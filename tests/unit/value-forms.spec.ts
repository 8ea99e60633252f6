import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createStreamSearch } from '../../src/artifacts/search-stream.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createStreamRedactor } from '../../src/redaction/redact-stream.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { tellingLines } from '../../src/redaction/telling-lines.js';
import { nameForms, valueForms, type ValueForm } from '../support/forms/value-forms.js';

const seed = 20_300_103;
const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/redaction.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) +\| (\d+) % +\|$/gm)].map(([, name = '', missed]) => ({
  name,
  missed: Number(missed),
}));
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const symbols = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
const oneOf = (signs: string) => fc.constantFrom(...Array.from(signs));
const password = fc.string({
  minLength: 20,
  maxLength: 20,
  unit: fc.oneof({ weight: 7, arbitrary: oneOf(letters) }, { weight: 3, arbitrary: oneOf(symbols) }),
});
const text = (signs: string, minLength: number, maxLength = minLength) =>
  fc.string({ minLength, maxLength, unit: oneOf(signs) });
const token = `${letters}-_`;
const userName = fc
  .tuple(text(letters, 3, 8), oneOf('._-+ @'), text(letters, 3, 7), oneOf('0123456789'))
  .map((parts) => parts.join(''));
const address = fc
  .tuple(text(letters, 2, 6), oneOf(".+-_'"), text(letters, 2, 6), text('abcdefgh-', 4), oneOf('0123456789'))
  .map(([first, sign, second, host, digit]) => `${first}${sign}${second}@x${host}${digit}.example.test`);
const jwt = fc
  .tuple(text(letters, 12), text(token, 43))
  .map(
    ([sub, signature]) =>
      `${inBase64url({ alg: 'HS256', typ: 'JWT' })}.${inBase64url({ sub, iat: 1_700_000_000 })}.${signature}`,
  );
const pem = text(`${letters}+/`, 2 * 64 + 24).map(
  (body) => `-----BEGIN PRIVATE KEY-----\n${body.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
);
const link = fc
  .tuple(text(letters, 3, 6), text(token, 24), text(letters, 6))
  .map(([path, key, user]) => `https://shop.test/${path}/reset?token=${key}&user=${user}%40shop.test#step=1`);
/** Some of each kind, each known to a separate redactor. */
const kinds = (
  [
    ['user name', 'admin.username', userName, 40],
    ['e-mail address', 'admin.email', address, 40],
    ['JWT', 'secret', jwt, 10],
    ['key', 'secret', pem, 8],
    ['link with a token', 'secret', link, 12],
  ] as const
).map(([kind, label, arbitrary, numRuns]) => ({
  kind,
  isName: label !== 'secret',
  values: fc
    .sample<string>(arbitrary, { numRuns, seed })
    .map((value) => ({ value, label, redactor: knowing(value, label) })),
}));
const passwords = fc
  .sample(password, { numRuns: 120, seed })
  .map((value) => ({ value, label: 'secret', redactor: knowing(value) }));

test('the page of forms lists every form that is tested, and no other', () => {
  expect(rows.map(({ name }) => name)).toEqual([...valueForms, ...nameForms].map(({ name }) => name));
});

for (const form of valueForms)
  test(`a password is missed no more often than the page says: ${form.name}`, () => {
    const missed = passwords.filter((known) => isMissed(form, known));
    const promised = rows.find(({ name }) => name === form.name)?.missed ?? 0;
    expect(Math.round((100 * missed.length) / passwords.length)).toBeLessThanOrEqual(promised);
  });

for (const { kind, isName, values } of kinds)
  test(`a ${kind} is found in every form`, () => {
    for (const form of [...valueForms, ...(isName ? nameForms : [])])
      expect(values.filter((known) => isMissed(form, known)).map(({ value }) => form.write(value))).toEqual(
        [],
      );
  });

test('names of accounts are found in any case', () => {
  for (const [label, value] of [
    ['admin.email', 'Ada.Lovelace@Example.test'],
    ['admin.username', 'Ada_Lovelace1815'],
  ] as const)
    for (const { write } of nameForms) {
      const redactor = knowing(value, label);
      for (const form of valueForms.filter(({ name }) => /^(?:JSON|URI|reg|HTML$)/.test(name)))
        expect(redactor.redact(`(${form.write(write(value))})`), form.name).toContain(`[redacted:${label}]`);
    }
});

test('a name of plain words is no constant of a program in capitals', () => {
  expect(knowing('operator', 'admin.username').redact('OPERATOR operator')).toBe(
    'OPERATOR [redacted:admin.username]',
  );
});

const key = generateKeyPairSync('ec', {
  namedCurve: 'P-384',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

for (const [name, text] of [
  ['console.log of an object', inspect({ user: { key } })],
  ['a diff', key.replaceAll(/^/gm, '-  ').replaceAll('\n', '\n+ ')],
  ['a text in YAML', key.replaceAll(/^/gm, '    ')],
  ['a table', key.replaceAll(/^/gm, '| ').replaceAll('\n', ' |\n')],
  ['JSON', JSON.stringify({ key })],
  ['base64', Buffer.from(key).toString('base64')],
  ['colours', key.replaceAll(/^(.{10})/gm, '\u001B[31m$1\u001B[7m').replaceAll('\n', '\u001B[27m\n')],
  ['one line', tellingLines(key).at(-1) ?? ''],
] as const)
  test(`no line of a key is left in ${name}`, () => {
    const redacted = knowing(key).redact(text);
    expect(redacted).toContain('[redacted:secret]');
    const lines = tellingLines(key).flatMap((line) => [
      line,
      Buffer.from(line).toString('base64').slice(4, -4),
    ]);
    expect(lines.filter((line) => redacted.includes(line))).toEqual([]);
  });

test('a line that all keys share is not redacted', () => {
  const redactor = knowing(key);
  const text = '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----';
  expect(redactor.redact(text)).toBe(text);
  expect(tellingLines('Please call me\nwhen you are there,\nor 2026-01-01')).toEqual([]);
});

for (const { kind, values } of [{ kind: 'password', values: passwords }, ...kinds])
  test(`a ${kind} is found and redacted wherever a stream is cut, in every form`, () => {
    const wrong = valueForms.flatMap((form) =>
      values
        .slice(0, 2)
        .flatMap(({ value, redactor }) => wrongCuts(form.write(value), redactor))
        .map((cut) => `${form.name}: ${cut}`),
    );
    expect(wrong).toEqual([]);
  });

test('text that is no value, and does not begin one, is not held back', () => {
  const { redactor } = passwords[0] ?? { redactor: createRedactor() };
  for (const line of [
    '100 passed (2.1s)\n',
    'GET /api/me?one=1&two=2\n',
    '"a\\\\b" \u001B[31mred\u001B[39m\n',
  ])
    expect(createStreamRedactor(redactor).push(Buffer.from(line)).toString()).toBe(line);
});

test('JSON with a value in any form is JSON without it', () => {
  for (const { value, redactor } of passwords.slice(0, 20))
    for (const form of valueForms) {
      const redacted = redactor.redact(
        JSON.stringify({ a: `"\\${form.write(value)}"`, [value]: [value, 1] }),
      );
      expect(() => JSON.parse(redacted) as unknown, form.name).not.toThrow();
    }
});

interface KnownValue {
  readonly value: string;
  readonly label: string;
  readonly redactor: Redactor;
}

function isMissed(form: ValueForm, { value, label, redactor }: KnownValue): boolean {
  const written = `(${form.write(value)})`;
  const bytes = Buffer.from(written);
  const isRedacted = [redactor.redact(written), redactor.redactBytes(bytes).toString()].every((one) =>
    one.includes(`[redacted:${label}]`),
  );
  return !isRedacted || redactor.search(bytes).length === 0;
}

/** Where a stream of two chunks has not the same finds, or leaves more of the value, than the whole. */
function wrongCuts(written: string, redactor: Redactor): string[] {
  const bytes = Buffer.from(`before (${written}) after`);
  const found = redactor.search(bytes).length;
  const rest = withoutMarkers(redactor.redactBytes(bytes).toString());
  return cutsOf(bytes).flatMap((cut) => {
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const search = createStreamSearch(redactor);
    const hits = [...parts.flatMap((part) => search.push(part)), ...search.end()].length;
    const stream = createStreamRedactor(redactor);
    const redacted = Buffer.concat([...parts.map((part) => stream.push(part)), stream.flush()]).toString();
    // Of base64, a sign or two with bits of the value's last sign may be left.
    const isLeft = withoutMarkers(redacted).length > rest.length + 4;
    return hits === found && !isLeft ? [] : [`${cut} of ${bytes.length}: ${hits} finds, ${redacted}`];
  });
}

/** Every one of a short text, and a sample of a long one's. */
function cutsOf({ length }: Buffer): number[] {
  const step = Math.max(1, Math.floor(length / mostCuts));
  return Array.from({ length: Math.floor((length - 1) / step) }, (_, index) => 1 + index * step);
}

function withoutMarkers(redacted: string): string {
  return redacted.replaceAll(/\[redacted:[^\]]*\]/g, '');
}

function inBase64url(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function knowing(value: string, label = 'secret'): Redactor {
  const redactor = createRedactor();
  redactor.add(new SecretValue(value, label));
  return redactor;
}

const mostCuts = 30;
