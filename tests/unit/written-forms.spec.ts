import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { writtenForms } from '../../src/redaction/written-forms.js';
import { propertyRuns } from '../support/property-runs.js';

const seed = 20_300_102;
const awkward = `Ada "keeps" <every> & key's/100%\\ + (that!) ~ café=`;

type Write = (text: string) => string;
const json: Write = (text) => JSON.stringify(text).slice(1, -1);
const unicode = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
const upperUnicode = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html: Write = (text) => text.replaceAll(/[&<>"']/g, (sign) => named[sign] ?? sign);
const form: Write = (text) => new URLSearchParams({ '': text }).toString().slice(1);
const lower: Write = (text) => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

/** Written from the encodings' definitions, not from the code that is tested. */
const encodings: Readonly<Record<string, Write>> = {
  plain: (text) => text,
  JSON: json,
  'JSON twice': (text) => json(json(text)),
  'JSON three times': (text) => json(json(json(text))),
  'ASCII JSON': (text) => json(text).replaceAll(/[^ -~]/g, unicode),
  'upper ASCII JSON': (text) => json(text).replaceAll(/[^ -~]/g, upperUnicode),
  'HTML-safe JSON': (text) => json(text).replaceAll(/[<>&]/g, unicode),
  'upper HTML-safe JSON': (text) => json(text).replaceAll(/[<>&']/g, upperUnicode),
  'JSON of PHP': (text) =>
    json(text)
      .replaceAll(/[^ -~]/g, unicode)
      .replaceAll('/', '\\/'),
  URI: encodeURIComponent,
  'lower URI': (text) => lower(encodeURIComponent(text)),
  'whole URI': encodeURI,
  form,
  'lower form': (text) => lower(form(text)),
  HTML: html,
  'decimal HTML': (text) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'hexadecimal HTML': (text) =>
    text.replaceAll(/[&<>"']|[^ -~]/gu, (sign) => `&#x${sign.codePointAt(0)!.toString(16)};`),
  'URI twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'JSON in a URI': (text) => encodeURIComponent(json(text)),
  'JSON in a form': (text) => form(json(text)),
  'a URI in JSON': (text) => json(encodeURIComponent(text)),
  'JSON in HTML': (text) => html(json(text)),
  'HTML in JSON': (text) => json(html(text)),
  'HTML twice': (text) => html(html(text)),
  'HTML in HTML-safe JSON': (text) => json(html(text)).replaceAll(/[<>&]/g, unicode),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 after one': (text) => Buffer.from(`:${text}:`).toString('base64'),
  'base64 after two': (text) => Buffer.from(`a:${text}:b`).toString('base64'),
  'base64 in a URI': (text) => encodeURIComponent(Buffer.from(`x${text}`).toString('base64')),
  'JSON in base64': (text) => Buffer.from(JSON.stringify({ password: text })).toString('base64'),
  'a form in base64': (text) => Buffer.from(`p=${form(text)}`).toString('base64'),
  'base64 twice': (text) => Buffer.from(Buffer.from(`u:${text}`).toString('base64')).toString('base64'),
  'UTF-16 in base64': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'upper hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

for (const [name, write] of Object.entries(encodings))
  test(`a value is found and replaced in ${name}`, () => {
    const written = write(awkward);
    const redactor = knowing(awkward);
    expect(redactor.search(Buffer.from(`(${written})`))).toHaveLength(1);
    const redacted = redactor.redact(`(${written})`);
    expect(redacted).toContain('[redacted:admin.password]');
    expect(redactor.search(Buffer.from(redacted))).toEqual([]);
  });

test('any value in any encoding is found and replaced, and once is enough', () => {
  fc.assert(
    fc.property(valueOf(), fc.constantFrom(...Object.keys(encodings)), (value, encoding) => {
      const redactor = knowing(value);
      const text = `(${encodings[encoding]!(value)})`;
      expect(redactor.search(Buffer.from(text)).length).toBeGreaterThan(0);
      const redacted = redactor.redact(text);
      expect(redacted).toContain('[redacted:admin.password]');
      expect(redactor.search(Buffer.from(redacted))).toEqual([]);
      expect(redactor.redact(redacted)).toBe(redacted);
    }),
    { numRuns: propertyRuns(400), seed },
  );
});

test('JSON stays JSON after any replacement', () => {
  const text = fc.string({ maxLength: 12, unit: fc.constantFrom(...Array.from(`ab1"\\\n/u0,:{}[] `)) });
  fc.assert(
    fc.property(text, fc.jsonValue({ stringUnit: 'grapheme' }), text, (value, document, other) => {
      fc.pre(value.trim().length >= 6);
      const redactor = knowing(value);
      const written = JSON.stringify({ other, document, value, [value]: [value, `${other}${value}`] });
      const redacted = redactor.redact(written);
      expect(() => JSON.parse(redacted) as unknown).not.toThrow();
      expect(redacted).toContain('[redacted:admin.password]');
    }),
    { numRuns: propertyRuns(400), seed },
  );
});

for (const [value, text] of [
  ['nhunter2', '{"a":"line\\nhunter2"}'],
  ['0041bcdef', '{"a":"\\u0041bcdef"}'],
  ['hunter2\\', '{"a":"hunter2\\"","b":1}'],
  ['a","b":"c', '{"x":"a","b":"c"}'],
  ['12345678901234', '{"n":12345678901234}'],
  ['12345678901234', '[12345678901234, 1]'],
  ['false,', '{"n":[false,false,true]}'],
] as const)
  test(`JSON stays JSON where ${JSON.stringify(value)} seems to be in ${text}`, () => {
    expect(() => JSON.parse(knowing(value).redact(text)) as unknown).not.toThrow();
  });

test('bytes: text grows, other bytes keep their length, and nothing gives the same buffer', () => {
  const redactor = knowing('hunter2!');
  expect(redactor.redactBytes(Buffer.from('a hunter2! b')).toString()).toBe('a [redacted:admin.password] b');
  const binary = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('hunter2!'), Buffer.from([0xfe])]);
  const redacted = redactor.redactBytes(binary);
  expect(redacted.toString('latin1')).toBe('\xff\x00********\xfe');
  const wide = Buffer.from('a hunter2! b', 'utf16le');
  expect(redactor.redactBytes(wide)).toHaveLength(wide.length);
  expect(redactor.search(redactor.redactBytes(wide))).toEqual([]);
  const clean = gzipSync('nothing');
  expect(redactor.redactBytes(clean)).toBe(clean);
});

test('overlapping values are replaced whole', () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('abcdef', 'one'));
  redactor.add(new SecretValue('efghijkl', 'two'));
  expect(redactor.redact('(abcdefghijkl)')).toBe('([redacted:one][redacted:two])');
});

test('a value cut short by an ellipsis is replaced', () => {
  const redactor = knowing('correct horse battery staple');
  expect(redactor.redact('Fill "correct horse bat…"')).toBe('Fill "[redacted:admin.password]…"');
  expect(redactor.redact('correct horse...')).toBe('[redacted:admin.password]...');
  expect(redactor.redact('correct…')).toBe('correct…');
});

test('a label that holds another secret is no leak within a marker', () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('administrator', 'administrator.username'));
  const redacted = redactor.redact('administrator');
  expect(redacted).toBe('[redacted:administrator.username]');
  expect(redactor.redact(redacted)).toBe(redacted);
  expect(redactor.search(Buffer.from(`${redacted} [redacted:x administrator]`))).toHaveLength(1);
});

test('short values are replaced in fields: whole, or in quotes', () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('ab12', 'admin.pin'));
  expect(redactor.redactField('ab12')).toBe('[redacted:admin.pin]');
  expect(redactor.redactField('Fill "ab12"')).toBe('Fill "[redacted:admin.pin]"');
  expect(redactor.redactField('ab123')).toBe('ab123');
  expect(redactor.redact('Fill "ab12"')).toBe('Fill "ab12"');
});

test('no form comes twice, and a simple value has few', () => {
  const forms = writtenForms('hunter2hunter2');
  expect(new Set(forms.map(({ bytes }) => bytes.toString('latin1'))).size).toBe(forms.length);
  expect(forms.length).toBeLessThan(30);
});

function knowing(value: string): Redactor {
  const redactor = createRedactor();
  redactor.add(new SecretValue(value, 'admin.password'));
  return redactor;
}

function valueOf() {
  return fc
    .oneof(
      fc.string({ minLength: 6, maxLength: 24, unit: 'binary' }),
      fc.string({ minLength: 6, maxLength: 24 }),
      fc.string({
        minLength: 6,
        maxLength: 12,
        unit: fc.constantFrom(...Array.from(`aé"'\\<>&%+ $^*.\n/=€ 1`)),
      }),
      fc.base64String({ minLength: 8, maxLength: 72 }),
    )
    .filter((value) => value.trim().length >= 6 && !/^\d+$/.test(value));
}
