import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { envelopeOf, runInProcess } from '../support/command-line.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import { createOnePasswordServer, login } from '../support/onepassword/index.js';
import { testKey } from '../support/test-key.js';
import { writeZip } from '../support/write-zip.js';

test.describe.configure({ timeout: 300_000 });

const kept = 'kept in the local file 93';
const rotated = 'what the vault has now 17';
const key = { AUTH_SESSIONS_KEY: testKey('scan') };

let project: NestedProject;

test.beforeEach(async () => {
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', { use: { baseURL: 'http://127.0.0.1:9' } }));`,
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ create: async () => undefined });
      const parameters = { username: 'op://automation/shop/username', password: 'op://automation/shop/password' };
      export default defineAuthSessions({ sessions: { admin: { flow, parameters } } });`,
    '.env.auth-sessions': `AUTOMATION__SHOP__PASSWORD='${kept}'`,
    'artifacts/clean.txt': 'nothing of interest',
  });
});

test.afterEach(() => project.remove());

test('searches archives within archives, and names the member with each secret', async () => {
  const inner = writeZip({ 'deep/notes.txt': `typed ${kept}`, 'clean.txt': 'nothing' });
  const outer = writeZip({ 'blob-report/inner.zip': inner, 'log.gz': gzipSync(encodeURIComponent(kept)) });
  await writeFile(path.join(project.folder, 'artifacts/artifact.zip'), outer);
  await cp(
    path.join(project.folder, 'artifacts/artifact.zip'),
    path.join(project.folder, 'artifacts/no-ending'),
  );
  const { exitCode, stdout } = await runInProcess(['scan', 'artifacts'], {
    folder: project.folder,
    env: key,
  });
  expect(exitCode).toBe(1);
  for (const file of ['artifact.zip', 'no-ending']) {
    const place = path.join('artifacts', file);
    expect(stdout).toContain(
      `✗ admin.password is in ${place} › blob-report/inner.zip › deep/notes.txt (plain, 1 ×)\n`,
    );
    expect(stdout).toContain(`✗ admin.password is in ${place} › log.gz › (gzip) (URI, 1 ×)\n`);
  }
  expect(stdout).toMatch(/3 files searched for \d+ secrets?: found in 2 of them\.\n$/);
  expect(stdout).not.toContain(kept);
});

test('searches for current vault values only with --vault', async () => {
  const server = await createOnePasswordServer();
  try {
    const account = server.addAccount({ name: 'acme' });
    const vault = account.addVault({ title: 'automation' });
    vault.addItem(login({ title: 'shop', username: 'someone@shop.example', password: rotated }));
    const { token } = account.addServiceAccount({ vaults: [{ vault }] });
    const env = { ...key, OP_SERVICE_ACCOUNT_TOKEN: token };
    await project.write({ 'artifacts/log.txt': `typed ${rotated}`, 'artifacts/env.txt': `with ${token}` });
    const scan = async (...more: string[]) => {
      const args = ['scan', 'artifacts', '--json', ...more];
      const run = await runInProcess(args, { folder: project.folder, env });
      const { findings } = envelopeOf(run).data as { findings: { label: string }[] };
      expect(run.stdout + run.stderr).not.toContain(rotated);
      expect(run.stdout + run.stderr).not.toContain(token);
      return findings.map(({ label }) => label);
    };
    expect(await scan()).toEqual(['vault credential']);
    expect((await scan('--vault')).sort()).toEqual(['admin.password', 'vault credential']);
  } finally {
    await server.close();
  }
});
