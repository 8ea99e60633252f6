import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { propertyRuns } from '../support/property-runs.js';

const seed = 20_300_101;

test('replaces a value by its label, wherever it stands and however often', () => {
  const redact = redactWith({ 'admin.password': 'hunter2' });
  expect(redact('hunter2, "hunter2" and xhunter2x')).toBe(
    '[redacted:admin.password], "[redacted:admin.password]" and x[redacted:admin.password]x',
  );
});

test('leaves a text alone that has no value in it', () => {
  const redact = redactWith({ 'admin.password': 'hunter2' });
  expect(redact('Hunter2 hunter')).toBe('Hunter2 hunter');
  expect(createRedactor().redact('hunter2')).toBe('hunter2');
});

test('knows values that are added later', () => {
  const redactor = redactorOf({ one: 'first value' });
  expect(redactor.redact('second value')).toBe('second value');
  redactor.add(new SecretValue('second value', 'two'));
  expect(redactor.redact('first value, second value')).toBe('[redacted:one], [redacted:two]');
});

const password = `Ada "keeps" <every> & key's 100%\\ + (that!) ~ café`;
for (const [form, written] of [
  ['it is', password],
  ['JSON writes it', JSON.stringify(password)],
  ['JSON in JSON writes it', JSON.stringify(JSON.stringify({ password }))],
  ['a URI component writes it', encodeURIComponent(password)],
  ['a URI writes it', encodeURI(password)],
  ['a form writes it', new URLSearchParams({ password }).toString()],
  ['a query writes it, with + for a space', encodeURIComponent(password).replaceAll('%20', '+')],
  ['a browser writes it into a text', `<p>${escape(password, '&<>')}</p>`],
  ['a browser writes it into an attribute', `<input value="${escape(password, '&"')}">`],
  ['a server writes it into an attribute', `<input value="${escape(password, '&<>"')}">`],
  ['a server writes it with every sign escaped', `<p>${escape(password, `&<>"'`)}</p>`],
  ['React writes it', `<p>${escape(password, `&<>"'`).replaceAll('&#39;', '&#x27;')}</p>`],
  ['base64 writes it', Buffer.from(password).toString('base64')],
  ['base64url writes it', Buffer.from(password).toString('base64url')],
] as const)
  test(`replaces a value as ${form}`, () => {
    const redacted = redactorOf({ secret: password }).redact(`before ${written} after`);
    expect(redacted).toContain('[redacted:secret]');
    for (const part of ['Ada', 'QWRh', 'every', 'caf']) expect(redacted).not.toContain(part);
  });

test('takes signs that mean something in regular expressions for what they are', () => {
  const redact = redactWith({ secret: '.*+?^${}()|[]\\/-' });
  expect(redact('a .*+?^${}()|[]\\/- b')).toBe('a [redacted:secret] b');
  expect(redact('anything')).toBe('anything');
});

test('takes signs that mean something in replacements for what they are', () => {
  expect(redactorOf({ '$1 $$': 'hunter2' }).redact('a hunter2 b')).toBe('a [redacted:$1 $$] b');
});

test('replaces the whole of a value that begins with another', () => {
  for (const values of [
    { short: 'hunter', long: 'hunter2-and-more' },
    { long: 'hunter2-and-more', short: 'hunter' },
  ])
    expect(redactorOf(values).redact('hunter2-and-more, hunter')).toBe('[redacted:long], [redacted:short]');
});

test('a word that reports are full of is redacted in fields and quotes only', () => {
  const redactor = redactorOf({ word: 'password', strong: 'password1' });
  expect(redactor.redact('<input type=password>, password1')).toBe(
    '<input type=password>, [redacted:strong]',
  );
  expect(redactor.redactField('password')).toBe('[redacted:word]');
  expect(redactor.redactField('Fill "password"')).toBe('Fill "[redacted:word]"');
  expect(redactor.search(Buffer.from('{"type":"password"}'))).toEqual([]);
});

test('does not look for values of less than six signs, in any form', () => {
  const redact = redactWith({ short: 'a&b', quote: '"', empty: '', pin: '1234' });
  const text = 'a&b a&amp;b a%26b YSZi &quot; \\" "" 1234';
  expect(redact(text)).toBe(text);
  expect(redactorOf({ six: 'abcdef' }).redact('abcdef')).toBe('[redacted:six]');
});

test('takes a value that is no well-formed text', () => {
  const redact = redactWith({ secret: 'odd\uD800value' });
  expect(redact('odd\uD800value and odd%EF%BF%BDvalue')).toBe('[redacted:secret] and [redacted:secret]');
});

test('leaves no known value, in any form, in any text', () => {
  const value = fc.oneof(
    fc.string({ minLength: 6, maxLength: 20, unit: 'binary' }),
    fc.string({ minLength: 6, maxLength: 20 }),
    fc.string({ minLength: 6, maxLength: 10, unit: fc.constantFrom(...Array.from(`aé"'\\<>&%+ $^*.\n`)) }),
  );
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
  const between = fc.array(fc.string({ maxLength: 5 }), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(values, between, (known, texts) => {
      const redactor = createRedactor();
      // A label in which no value can be found.
      for (const one of known) redactor.add(new SecretValue(one, ''));
      const parts = known.flatMap(formsOf);
      const text = parts.map((part, index) => `${texts[index % 20]!}|${part}|`).join('');
      const redacted = redactor.redact(text).replaceAll('[redacted:]', '\u0000');
      expect(parts.filter((part) => redacted.includes(part))).toEqual([]);
    }),
    { numRuns: propertyRuns(500), seed },
  );
});

function redactorOf(values: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [label, value] of Object.entries(values)) redactor.add(new SecretValue(value, label));
  return redactor;
}

function redactWith(values: Readonly<Record<string, string>>): (text: string) => string {
  const redactor = redactorOf(values);
  return (text) => redactor.redact(text);
}

function formsOf(value: string): string[] {
  const wellFormed = Buffer.from(value).toString();
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(wellFormed),
    encodeURI(wellFormed),
    new URLSearchParams({ v: value }).toString().slice(2),
    escape(value, '&<>'),
    escape(value, `&<>"'`),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
  ];
}

function escape(text: string, signs: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return Array.from(text, (sign) => (signs.includes(sign) ? (names[sign] ?? sign) : sign)).join('');
}

test('a value with colours in its midst is replaced, and other colours stay', () => {
  const redactor = createRedactor();
  redactor.add(new SecretValue('100%25 correct', 'admin.password'));
  const red = (text: string) => `\u001B[31m${text}\u001B[39m`;
  expect(redactor.redact(`Received: ${red('100%25 cor\u001B[7mrect\u001B[27m')}`)).toBe(
    `Received: ${red('[redacted:admin.password]\u001B[27m')}`,
  );
  expect(redactor.redact(`Received: ${red('100%25 correct')}`)).toBe(
    `Received: ${red('[redacted:admin.password]')}`,
  );
  expect(redactor.redact(red('something else'))).toBe(red('something else'));
});

test('replaces a value that was cut in its middle, with its end', () => {
  const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
  const [one, two] = ['one', 'two'].map((name) => `${header}.${name.repeat(30)}.signature-of-${name}`) as [
    string,
    string,
  ];
  const redactor = redactorOf({ one, two });
  for (const ellipsis of ['…', '...', '\\u2026']) {
    const told = `{token: ${two.slice(0, 30)}${ellipsis}${two.slice(-20)}, more: 1}`;
    expect(redactor.redact(told)).toMatch(/^\{token: \[redacted:\w+\], more: 1\}$/);
    expect(redactor.search(Buffer.from(told))).toHaveLength(1);
  }
  expect(redactor.redact(`${one.slice(0, 60)}… and so on`)).toBe('[redacted:one]… and so on');
});

test('takes what every seed begins with for no seed', () => {
  const redactor = redactorOf({ seed: 'otpauth://totp/Site:ada?secret=JBSWY3DPEHPK3PXP&period=30' });
  expect(redactor.redact('otpauth://totp/… or otpauth://totp/...')).toBe(
    'otpauth://totp/… or otpauth://totp/...',
  );
  expect(redactor.redact('otpauth://totp/Site:ada?secret=JBSWY3DPE…')).toBe('[redacted:seed]…');
});
