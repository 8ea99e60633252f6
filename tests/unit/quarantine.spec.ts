import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { moveToQuarantine } from '../../src/artifacts/quarantine.js';
import { appendTo } from '../../src/credentials/access-log.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

test('moves nothing into a folder that others can write, or behind a link', async ({ folder }) => {
  const file = join(folder, 'results/a/leak.txt');
  mkdirSync(join(folder, 'results/a'), { recursive: true });
  writeFileSync(file, 'x');
  const quarantine = join(folder, 'quarantine');
  const move = () => moveToQuarantine(file, { roots: [join(folder, 'results')], quarantine });
  mkdirSync(quarantine);
  chmodSync(quarantine, 0o777);
  await expect(move()).rejects.toThrow(/can change it \(mode 0777\).*ERR_FOLDER_NOT_PRIVATE/);
  chmodSync(quarantine, 0o755);
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(quarantine, 'results'));
  await expect(move()).rejects.toThrow(/It is a symbolic link/);
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  expect(existsSync(file)).toBe(true);
});

test('the access log is written neither behind a link nor into a pipe', async ({ folder }) => {
  const access = { when: '', vault: 'local', reference: 'op://a/b/c', outcome: 'resolved', durationMs: 1 };
  symlinkSync(join(folder, 'victim'), join(folder, 'link.jsonl'));
  execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
  for (const name of ['link.jsonl', 'pipe.jsonl'])
    await expect(appendTo(join(folder, name))(access as never)).rejects.toThrow(/ELOOP|EMLINK|ENXIO/);
  expect(existsSync(join(folder, 'victim'))).toBe(false);
  await appendTo(join(folder, 'own.jsonl'))(access as never);
  expect(readdirSync(folder)).toContain('own.jsonl');
});
