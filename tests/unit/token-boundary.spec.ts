import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const redactor = createRedactor();
redactor.add(new SecretValue('123456', 'admin.code', { kind: 'code' }));
const marker = '[redacted:admin.code]';

for (const text of [
  '123456',
  'your code is 123456.',
  '"123456"',
  'code=123456&next=1',
  'code%3D123456%26next',
  'code%253D123456',
  'line\\n123456\\n',
  '\\u003d123456\\u0026',
  'is&#x3D;123456&amp;',
  '\u001b[31m123456\u001b[39m',
  '\\u001b[31m123456\\u001b[39m',
  'one_time_123456',
  '«123456»',
  '{"code":"123456"}',
  'Fill "123456"',
])
  test(`a code is found in ${JSON.stringify(text)}`, () => {
    expect(redactor.redact(text)).toBe(text.replace('123456', marker));
    expect(redactor.search(Buffer.from(text))).toHaveLength(1);
  });

for (const text of [
  '0123456',
  '1234567',
  'a123456',
  '123456ms',
  '3342.123456',
  '123456.5',
  '{"size":123456,"a":1}',
  '{"time": 123456}',
  '[1,123456,2]',
  '{\\"size\\":123456}',
  'sha1-ab123456cd',
])
  test(`a code is not found in ${JSON.stringify(text)}`, () => {
    expect(redactor.redact(text)).toBe(text);
    expect(redactor.search(Buffer.from(text))).toEqual([]);
  });

test('a code is found as a bare number where the key says that it is one, and JSON stays JSON', () => {
  expect(redactor.redact('{"otp":123456,"a":1}')).toBe(`{"otp":"${marker}","a":1}`);
  const twice = JSON.stringify({ body: '{"code":123456}' });
  expect(JSON.parse((JSON.parse(redactor.redact(twice)) as { body: string }).body)).toEqual({ code: marker });
});

for (const [encoding, write] of [
  ['base64', (text: string) => Buffer.from(text).toString('base64')],
  ['hex', (text: string) => Buffer.from(text).toString('hex')],
  ['UTF-16', (text: string) => Buffer.from(text, 'utf16le').toString('latin1')],
] as const) {
  test(`a code in ${encoding} is a whole token as well`, () => {
    for (const before of ['', 'a', 'ab', 'abc', 'code', 'the code'])
      for (const after of ['', '&', '&next', '&next=1']) {
        const found = redactor.search(Buffer.from(write(`${before}=123456${after}`), 'latin1'));
        expect(found.map(({ label }) => label)).toEqual(['admin.code']);
      }
  });

  test(`a part of a longer number in ${encoding} is no code`, () => {
    for (const before of ['=1', 'a=17', 'at=170', '=0.'])
      for (const after of ['', '789', '.5', 'ms'])
        expect(redactor.search(Buffer.from(write(`${before}123456${after}`), 'latin1'))).toEqual([]);
  });
}

test('a short number that is a value is looked for as a whole token, too', () => {
  const pins = createRedactor();
  pins.add(new SecretValue('482915', 'admin.pin'));
  const text = '{"time":1748291500,"at":1.482915,"pin":482915,"text":"482915"}';
  expect(JSON.parse(pins.redact(text))).toEqual({
    time: 1748291500,
    at: 1.482915,
    pin: '[redacted:admin.pin]',
    text: '[redacted:admin.pin]',
  });
});

test('a number is a code with its zeros or without', () => {
  const codes = createRedactor();
  codes.add(new SecretValue('012345', 'admin.code', { kind: 'code' }));
  expect([codes.redactNumber(12345), codes.redactNumber(12346)]).toEqual([marker, 12346]);
});
