import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { redactOutput } from '../../src/wire/redact-output.js';

test('a value is redacted in each encoding of a write, and in two pieces', () => {
  const { streams, written } = standardStreams();
  const redactor = createRedactor();
  redactor.add(new SecretValue('Right-horse-9-battery', 'admin.password'));
  const stop = redactOutput(streams, redactor);
  streams.stdout.write('it is Right-horse');
  streams.stdout.write('-9-battery\n');
  streams.stderr.write(Buffer.from('Right-horse-9-battery\n').toString('base64'), 'base64');
  streams.stderr.write(new Uint8Array(Buffer.from('Right-horse-9-battery\n')));
  stop();
  expect(written()).toEqual([
    'it is [redacted:admin.password]\n',
    '[redacted:admin.password]\n[redacted:admin.password]\n',
  ]);
});

test('the end writes the rest, and restores the streams', () => {
  const { streams, written } = standardStreams();
  const redactor = createRedactor();
  redactor.add(new SecretValue('Right-horse-9-battery', 'admin.password'));
  const stop = redactOutput(streams, redactor);
  streams.stdout.write('Right-horse');
  stop();
  expect(written()[0]).toBe('Right-horse');
  expect(Object.hasOwn(streams.stdout, 'write')).toBe(false);
});

test('another replacement of a stream stays', () => {
  const { streams } = standardStreams();
  const stop = redactOutput(streams, createRedactor());
  const other = () => true;
  streams.stdout.write = other;
  stop();
  expect(Object.getOwnPropertyDescriptor(streams.stdout, 'write')?.value).toBe(other);
});

function standardStreams() {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Pick<NodeJS.Process, 'stdout' | 'stderr'>;
  const read = (stream: PassThrough) => String(stream.read() ?? '');
  return { streams, written: () => [read(stdout), read(stderr)] };
}
