import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createStreamSearch } from '../../src/artifacts/search-stream.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { tellingLines } from '../../src/redaction/telling-lines.js';
import { nameForms, valueForms, type ValueForm } from '../support/forms/value-forms.js';

const seed = 20_300_103;
const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/redaction.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) +\| (\d+) % +\|$/gm)].map(([, name = '', missed]) => ({
  name,
  missed: Number(missed),
}));
/** A text without letters that a form could take along. */
const onlyTexts = ['with zero-width signs between', 'with soft hyphens between'];

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const symbols = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
const oneOf = (signs: string) => fc.constantFrom(...Array.from(signs));
const password = fc.string({
  minLength: 20,
  maxLength: 20,
  unit: fc.oneof({ weight: 7, arbitrary: oneOf(letters) }, { weight: 3, arbitrary: oneOf(symbols) }),
});
const passwords = fc
  .sample(password, { numRuns: 120, seed })
  .map((value) => ({ value, redactor: knowing(value) }));

test('the page of forms lists every form that is tested, and no other', () => {
  expect(rows.map(({ name }) => name)).toEqual([...valueForms, ...nameForms].map(({ name }) => name));
});

for (const form of valueForms)
  test(`a password is missed no more often than the page says: ${form.name}`, () => {
    const missed = passwords.filter(({ value, redactor }) => isMissed(form, value, redactor));
    const promised = rows.find(({ name }) => name === form.name)?.missed ?? 0;
    expect(Math.round((100 * missed.length) / passwords.length)).toBeLessThanOrEqual(promised);
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

test('what all keys have is no line of any', () => {
  const redactor = knowing(key);
  const text = '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----';
  expect(redactor.redact(text)).toBe(text);
  expect(tellingLines('Please call me\nwhen you are there,\nor 2026-01-01')).toEqual([]);
});

test('a value is found once, wherever a stream is cut, in every form', () => {
  const { value, redactor } = passwords[0] ?? { value: '', redactor: createRedactor() };
  for (const form of valueForms.filter(({ name }) => !onlyTexts.includes(name))) {
    const bytes = Buffer.from(`before (${form.write(value)}) after`);
    if (redactor.search(bytes).length === 0) continue; // a share that the page names
    for (let cut = 1; cut < bytes.length; cut += 3) {
      const stream = createStreamSearch(redactor);
      const hits = [
        ...stream.push(bytes.subarray(0, cut)),
        ...stream.push(bytes.subarray(cut)),
        ...stream.end(),
      ];
      expect(hits, form.name).toHaveLength(1);
    }
  }
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

function isMissed(form: ValueForm, value: string, redactor: Redactor): boolean {
  const text = `(${form.write(value)})`;
  const isRedacted =
    redactor.redact(text).includes('[redacted:secret]') &&
    redactor.redactBytes(Buffer.from(text)).toString().includes('[redacted:secret]');
  return !isRedacted || (!onlyTexts.includes(form.name) && redactor.search(Buffer.from(text)).length === 0);
}

function knowing(value: string, label = 'secret'): Redactor {
  const redactor = createRedactor();
  redactor.add(new SecretValue(value, label));
  return redactor;
}
