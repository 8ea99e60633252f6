import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { clearArtifacts } from '../../src/broker/clear-artifacts.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createFakeClock } from '../support/fake-clock.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const redactor = createRedactor();
redactor.add(new SecretValue('correct horse', 'admin.password'));
const clear = (folder: string) =>
  clearArtifacts({ folders: [folder], redactor, workers: [], clock: createFakeClock() });

test('removes raw recordings of a run that was killed, and redacts the rest', async ({ folder }) => {
  const raw = write(folder, '.playwright-artifacts-0/traces/a.trace');
  const kept = write(folder, 'test/output.txt');
  await clear(folder);
  expect(existsSync(raw)).toBe(false);
  expect(readFileSync(kept, 'utf8')).toBe('[redacted:admin.password]');
});

test('removes and writes nothing below a folder that others can rename meanwhile', async ({ folder }) => {
  test.skip(!hasFileModes, 'this system has no file modes');
  const raw = write(folder, '.playwright-artifacts-0/traces/a.trace');
  const kept = write(folder, 'test/output.txt');
  for (const open of [folder, join(folder, '.playwright-artifacts-0')]) {
    chmodSync(open, 0o777);
    await clear(folder);
    expect(existsSync(raw)).toBe(true);
    expect(readFileSync(kept, 'utf8')).toBe(open === folder ? 'correct horse' : '[redacted:admin.password]');
    chmodSync(open, 0o755);
  }
});

function write(folder: string, name: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'correct horse');
  return file;
}
