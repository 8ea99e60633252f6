import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import {
  redactMessage,
  type AttachedInstead,
  type RedactMessageOptions,
} from '../../fixtures/redaction/redact-message.js';
import { redactBuffer } from '../../src/artifacts/redact-file.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const redactor = createRedactor();
redactor.add(new SecretValue('correct horse', 'admin.password'));
redactor.add(new SecretValue('abcd', 'admin.pin'));
const options: RedactMessageOptions = {
  redactor,
  redactAttachment: () => ({ path: '' }),
  redactBody: (body, name) => redactBuffer(body, { name, redactor }),
};

function send(method: string, params: unknown, instead: AttachedInstead = { path: 'never asked' }) {
  const message = { method: '__dispatch__', params: { method, params } };
  const redacted = redactMessage(message, { ...options, redactAttachment: () => instead });
  return (redacted.params as { params: unknown }).params;
}

test('a step has no known value in its title, its parameters and its error', () => {
  const step = {
    testId: 'correct horse',
    title: 'Fill "correct horse"',
    params: { value: 'abcd', nested: [{ text: 'correct horse' }] },
    error: { message: 'not correct horse', cause: { stack: 'at correct horse' } },
  };
  expect(send('stepEnd', step)).toEqual({
    testId: 'correct horse',
    title: 'Fill "[redacted:admin.password]"',
    params: { value: '[redacted:admin.pin]', nested: [{ text: '[redacted:admin.password]' }] },
    error: { message: 'not [redacted:admin.password]', cause: { stack: 'at [redacted:admin.password]' } },
  });
});

test('an attachment of bytes is opened and redacted', () => {
  const attach = (body: Buffer) =>
    send('attach', { name: 'data', contentType: 'application/gzip', body: body.toString('base64') }) as {
      body: string;
    };
  const packed = gzipSync('not correct horse');
  expect(gunzipSync(Buffer.from(attach(packed).body, 'base64')).toString()).toBe(
    'not [redacted:admin.password]',
  );
  const clean = gzipSync('nothing');
  expect(attach(clean).body).toBe(clean.toString('base64'));
});

test('a message without known values is sent as it is', () => {
  const message = { method: '__dispatch__', params: { method: 'stdOut', params: { text: 'abcdef' } } };
  expect(redactMessage(message, options)).toBe(message);
});

test('the runner gets a copy, and the worker keeps the original', () => {
  const own = { title: 'correct horse' };
  expect(send('stepBegin', own)).not.toBe(own);
  expect(own.title).toBe('correct horse');
});

test('bytes that are written and attached are redacted within their base64', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const redacted = base64('it is [redacted:admin.password]');
  expect(send('stdOut', { buffer: base64('it is correct horse') })).toEqual({ buffer: redacted });
  expect(send('attach', { name: 'note', body: base64('it is correct horse') })).toMatchObject({
    body: redacted,
  });
});

test('the place of a file is what its redaction says', () => {
  expect(send('attach', { name: 'trace', path: 'old.zip' }, { path: 'new.zip' })).toEqual({
    name: 'trace',
    path: 'new.zip',
  });
});

test('a file that cannot be redacted is withheld, with the reason', () => {
  const attached = send('attach', { name: 'log', path: 'locked' }, { withheld: 'no' }) as { body: string };
  expect(attached).toMatchObject({ name: 'log', path: undefined, contentType: 'text/plain' });
  expect(Buffer.from(attached.body, 'base64').toString()).toBe('no');
});

test('an attachment keeps the name that reports know it by, also where a short value is the same', () => {
  const short = createRedactor();
  short.add(new SecretValue('trace', 'admin.username'));
  const message = {
    method: '__dispatch__',
    params: { method: 'attach', params: { name: 'trace', body: '' } },
  };
  expect(redactMessage(message, { ...options, redactor: short })).toBe(message);
});

test('an answer to the runner has no known value in its error', () => {
  const message = { method: '__dispatch__', params: { id: 3, error: { message: 'correct horse' } } };
  expect(redactMessage(message, options)).toMatchObject({
    params: { id: 3, error: { message: '[redacted:admin.password]' } },
  });
});

test("a user's object has no exempt keys, and a content type is redacted", () => {
  const own = { path: 'correct horse', id: 'correct horse', file: 'abcd', contentType: 'correct horse' };
  const marker = '[redacted:admin.password]';
  const clean = { path: marker, id: marker, file: '[redacted:admin.pin]', contentType: marker };
  expect(send('stepBegin', { stepId: 'correct horse', params: own })).toEqual({
    stepId: 'correct horse',
    params: clean,
  });
  expect(send('attach', { name: 'note', contentType: 'text/correct horse' })).toMatchObject({
    contentType: `text/${marker}`,
  });
  expect(send('testEnd', { annotations: [{ type: 'own', path: 'correct horse' }] })).toEqual({
    annotations: [{ type: 'own', path: marker }],
  });
});

test('an unknown field and an unknown event are redacted', () => {
  expect(send('stepEnd', { new: { testId: 'abcd' } })).toEqual({ new: { testId: '[redacted:admin.pin]' } });
  expect(send('newEvent', { path: 'correct horse' })).toEqual({ path: '[redacted:admin.password]' });
});

test('an answer to the runner has no known value in its result', () => {
  const message = { method: '__dispatch__', params: { id: 3, result: { path: 'correct horse' } } };
  expect(redactMessage(message, options)).toMatchObject({
    params: { id: 3, result: { path: '[redacted:admin.password]' } },
  });
});
