import { expect, test } from '@playwright/test';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createSecretLedger, type KnownSecret } from '../../src/wire/secret-ledger.js';

function createBench() {
  const heard: KnownSecret[] = [];
  let nowMs = 0;
  const ledger = createSecretLedger({
    redactor: createRedactor(),
    id: 'one',
    nowMs: () => (nowMs += 1),
    onSecret: (secret) => heard.push(secret),
  });
  const labels = (id: string | undefined, count: number) =>
    ledger.pageAfter(id, count)?.secrets.map(({ label }) => label);
  return { ledger, heard, labels };
}

test('redacts what is added to it', () => {
  const { ledger } = createBench();
  ledger.redactor.add(new SecretValue('correct horse', 'admin.password'));
  expect(ledger.redactor.redact('typed correct horse')).toBe('typed [redacted:admin.password]');
});

test('sends a worker what it does not know, in order', () => {
  const { ledger, labels } = createBench();
  ledger.redactor.add(new SecretValue('correct horse', 'admin.password'));
  ledger.redactor.add(new SecretValue('battery staple', 'customer.password'));
  expect(labels(undefined, 0)).toEqual(['admin.password', 'customer.password']);
  expect(labels('one', 1)).toEqual(['customer.password']);
  expect(labels('one', 2)).toBeUndefined();
});

test('sends everything to a worker that knows another broker', () => {
  const { ledger, labels } = createBench();
  ledger.redactor.add(new SecretValue('correct horse', 'admin.password'));
  expect(labels('another', 1)).toEqual(['admin.password']);
});

test('sends a confined secret to the runner, and to no worker', () => {
  const { ledger, heard, labels } = createBench();
  ledger.redactor.add(new SecretValue('ops_token', 'vault credential', { confined: true }));
  expect(heard.map(({ label }) => label)).toEqual(['vault credential']);
  expect(labels(undefined, 0)).toBeUndefined();
});

test('sends a value once, with the time it became known', () => {
  const { ledger, heard } = createBench();
  ledger.redactor.add(new SecretValue('123456', 'admin.code', { kind: 'code' }));
  ledger.redactor.add(new SecretValue('123456', 'admin.code', { kind: 'code' }));
  expect(heard).toEqual([{ label: 'admin.code', value: '123456', kind: 'code', sinceMs: 1 }]);
});

test('looks as far around a place as the longest value that it knows by now', () => {
  const { ledger } = createBench();
  const before = ledger.redactor.reach;
  ledger.redactor.add(new SecretValue('key '.repeat(500), 'admin.key'));
  expect(ledger.redactor.reach).toBeGreaterThan(before + 1000);
});
