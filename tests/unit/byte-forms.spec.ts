import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const file = Buffer.concat(['one', 'two', 'three'].map((text) => createHash('sha512').update(text).digest()));
const redactor = createRedactor();
redactor.add(new SecretValue(file.toString('base64'), 'admin.keystore'));

for (const [form, written] of Object.entries({
  base64: Buffer.from(`is ${file.toString('base64')}!`),
  'base64 beside other bytes': Buffer.from(
    Buffer.concat([Buffer.of(7), file, Buffer.of(9)]).toString('base64'),
  ),
  hexadecimal: Buffer.from(`is ${file.toString('hex')}!`),
  'raw bytes': Buffer.concat([Buffer.of(0, 0xff), file, Buffer.of(0xff)]),
}))
  test(`a file is found as ${form}`, () => {
    expect(redactor.search(written)).toHaveLength(1);
    const redacted = redactor.redactBytes(written);
    for (const part of [file.subarray(8, 56), Buffer.from(file.toString('base64').slice(8, 56))])
      expect(redacted.includes(part)).toBe(false);
  });

test('a text in Base64 has no form as bytes', () => {
  const own = createRedactor();
  const text = 'a text that is longer than forty characters, and no file';
  own.add(new SecretValue(Buffer.from(text).toString('base64'), 'admin.note'));
  expect(own.search(Buffer.from(`is ${text}!`))).toEqual([]);
});
