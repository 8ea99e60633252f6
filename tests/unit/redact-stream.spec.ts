import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createStreamRedactor } from '../../src/redaction/redact-stream.js';
import { createRedactor } from '../../src/redaction/redactor.js';

const password = 'pä$$-w0rd/4711-grün';
const token = 'eyJhbGciOiJIUzI1NiJ9.payload-of-the-token';

function createBench() {
  const redactor = createRedactor();
  redactor.add(new SecretValue(password, 'admin.password'));
  redactor.add(new SecretValue(token, 'admin.token'));
  return { redactor, stream: createStreamRedactor(redactor) };
}

/** One for all streams: what it looks for is put together once. */
const known = createBench().redactor;

/** What comes out when these chunks go in. */
function through(chunks: readonly Buffer[]): string {
  const stream = createStreamRedactor(known);
  return Buffer.concat([...chunks.map((chunk) => stream.push(chunk)), stream.flush()]).toString();
}

const text = `before ${password}${token} between ${encodeURIComponent(password)} "${token}" after ✓ é\n`;
const clean = 'before [redacted:admin.password][redacted:admin.token] between [redacted:admin.password]';

test('waits longer for the rest of what is most likely a value', () => {
  const { stream } = createBench();
  const patienceAfter = (chunk: string) => {
    stream.push(Buffer.from(chunk));
    return stream.patienceMs;
  };
  expect([patienceAfter('Go on? '), patienceAfter('eyJhbGc'), patienceAfter('iOiJIUz')]).toEqual([
    200, 200, 5000,
  ]);
  stream.flush();
  expect(stream.patienceMs).toBe(200);
});

test('finds values at every cut of a stream', () => {
  const bytes = Buffer.from(text);
  const whole = through([bytes]);
  expect(whole).toContain(clean);
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(through([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(whole);
});

test('finds values in a stream of single bytes, and in three parts', () => {
  const bytes = Buffer.from(text);
  const whole = through([bytes]);
  expect(through([...bytes].map((byte) => Buffer.from([byte])))).toBe(whole);
  for (let cut = 0; cut + 9 <= bytes.length; cut += 1)
    expect(through([bytes.subarray(0, cut), bytes.subarray(cut, cut + 9), bytes.subarray(cut + 9)])).toBe(
      whole,
    );
});

test('holds nothing back that cannot be the beginning of a value', () => {
  const { stream } = createBench();
  expect(stream.push(Buffer.from('Uploading 42 % ')).toString()).toBe('Uploading 42 % ');
  expect(stream.push(Buffer.from('Continue? [y/N] ')).toString()).toBe('Continue? [y/N] ');
});

test('holds a beginning back until it goes on, or is flushed', () => {
  const { stream } = createBench();
  expect(stream.push(Buffer.from('token: eyJhbGci')).toString()).toBe('token: ');
  expect(stream.push(Buffer.from('!!\n')).toString()).toBe('eyJhbGci!!\n');
  expect(stream.push(Buffer.from('token: eyJhbGci')).toString()).toBe('token: ');
  expect(stream.flush().toString()).toBe('eyJhbGci');
  expect(stream.flush()).toHaveLength(0);
});

test('keeps bytes that are no text', () => {
  const bytes = Buffer.from([0, 255, 254, 0xe2, 0x82, 10, 200, 0xf0]);
  const { stream } = createBench();
  expect(Buffer.concat([stream.push(bytes), stream.flush()])).toEqual(bytes);
});

test('a line is not held back for its last letters, which may begin a value', () => {
  const { stream } = createBench();
  for (const line of ['the map\n', 'ready\n', 'what they say\n'])
    expect(stream.push(Buffer.from(line)).toString()).toBe(line);
  expect(stream.push(Buffer.from('the map')).toString()).toBe('the ma');
});
