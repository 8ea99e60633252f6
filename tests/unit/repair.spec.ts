import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createRepair } from '../../reports/repair.js';
import type { Leak } from '../../src/artifacts/leak.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import type { KnownSecret } from '../../src/wire/secret-ledger.js';

const secret: KnownSecret = {
  label: 'admin.username',
  value: 'admin@example.test',
  kind: 'value',
  sinceMs: 5000,
};

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repair-'));
});

test.afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function repairWrittenAt(seconds: number, { name = 'results/page.html', secrets = [secret] } = {}) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'by admin@example.test');
  await utimes(file, seconds, seconds);
  const redactor = createRedactor();
  for (const { value, label, kind } of secrets) redactor.add(new SecretValue(value, label, { kind }));
  const ofReporters = [path.join(folder, 'html')];
  const ofPlaywright = [path.join(folder, 'test-results')];
  const ofSuite = [path.join(folder, 'hars')];
  const times = { startedAtMs: 1000, readyAtMs: 1500 };
  const repair = createRepair({ redactor, secrets, ...times, ofReporters, ofPlaywright, ofSuite });
  const leak: Leak = { kind: 'leak', label: secret.label, file, members: [], encoding: 'plain', count: 1 };
  return [await repair(file, [leak]), await readFile(file, 'utf8')];
}

const repaired = [true, 'by [redacted:admin.username]'];
const left = [false, 'by admin@example.test'];

test('a file written before a value became known is redacted', async () => {
  expect(await repairWrittenAt(2)).toEqual(repaired);
});

test('a file written after a value became known is left: that is a leak', async () => {
  expect(await repairWrittenAt(6)).toEqual(left);
});

test('a file of an earlier run is redacted', async () => {
  expect(await repairWrittenAt(0.5)).toEqual(repaired);
});

test("a reporter's file, made of sources say, is redacted", async () => {
  expect(await repairWrittenAt(6, { name: 'html/index.html' })).toEqual(repaired);
});

test('an output of a worker that did not know the value is redacted', async () => {
  expect(await repairWrittenAt(6, { name: 'test-results/a-test/trace.txt' })).toEqual(repaired);
});

test('a value known before any test is known to every worker', async () => {
  const secrets = [{ ...secret, sinceMs: 1200 }];
  expect(await repairWrittenAt(6, { name: 'test-results/a-test/trace.txt', secrets })).toEqual(left);
});

test("a file older than the run is left if it is in a folder of the user's", async () => {
  expect(await repairWrittenAt(0.5, { name: 'hars/a.har' })).toEqual(left);
});

test('a code that is known later is no late value: nothing can have it before', async () => {
  expect(await repairWrittenAt(2, { secrets: [{ ...secret, kind: 'code' }] })).toEqual(left);
});
