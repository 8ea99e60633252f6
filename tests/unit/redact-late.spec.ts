import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { KnownSecret } from '../../src/broker/secret-ledger.js';
import { redactLate } from '../../reports/redact-late.js';

const secret: KnownSecret = {
  label: 'admin.username',
  value: 'admin@example.test',
  kind: 'value',
  sinceMs: 5000,
};

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'redact-late-'));
});

test.afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function redactWrittenAt(seconds: number, { name = 'page.html', secrets = [secret] } = {}) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'by admin@example.test');
  await utimes(file, seconds, seconds);
  await redactLate({ roots: [folder], secrets: secrets, startedAtMs: 1000 });
  return readFile(file, 'utf8');
}

test('what was written before a value became known is redacted', async () => {
  expect(await redactWrittenAt(2)).toBe('by [redacted:admin.username]');
});

test('what was written after it stays for the leak check', async () => {
  expect(await redactWrittenAt(6)).toBe('by admin@example.test');
});

test('what an earlier run wrote is not touched', async () => {
  expect(await redactWrittenAt(0.5)).toBe('by admin@example.test');
});

test('a code that is known later is no late value: nothing can have it before', async () => {
  expect(await redactWrittenAt(2, { secrets: [{ ...secret, kind: 'code' }] })).toBe('by admin@example.test');
});
