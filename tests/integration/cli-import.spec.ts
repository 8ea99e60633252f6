import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, request, test } from '@playwright/test';
import { envelopeOf, runInProcess, testStoreKey } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { signInByRequest } from '../support/consultations/sign-in-by-request.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }) },
    moreSessions: "anyone: { type: 'runtime', flow: consultations },",
    use: "...(process.env.BOTH ? { authSession: 'admin', storageState: 'admin.json' } : {}),",
  });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

const run = (...args: string[]) => runInProcess(args, { folder: project.folder });

test('rejects a state that is not signed in, a file that is no state, and quotes none of it', async () => {
  const cookie = {
    name: 'session',
    value: 'not-a-session-at-all',
    domain: '127.0.0.1',
    path: '/',
    expires: -1,
  };
  const state = { cookies: [{ ...cookie, httpOnly: true, secure: false, sameSite: 'Lax' }], origins: [] };
  await writeFile(path.join(project.folder, 'old.json'), JSON.stringify(state));
  await writeFile(path.join(project.folder, 'broken.json'), JSON.stringify({ cookies: [cookie] }));
  const old = await run('import', 'admin', 'old.json');
  expect([old.exitCode, old.stderr]).toEqual([
    1,
    expect.stringMatching(/Session "admin" was not imported: it is not signed in.*\[ERR_NOT_SIGNED_IN\]/s),
  ]);
  const broken = await run('import', 'admin', 'broken.json');
  expect(broken.stderr).toMatch(
    /broken\.json cannot be used\. \[ERR_FILE_UNUSABLE\]\s+It is not a storage state/,
  );
  const missing = await run('import', 'admin', 'missing.json');
  expect(missing.stderr).toContain('There is no such file');
  const runtime = await run('import', 'anyone', 'old.json');
  expect(runtime.stderr).toContain('Session "anyone" cannot be imported.');
  for (const { stdout, stderr } of [old, broken]) expect(stdout + stderr).not.toContain(cookie.value);
  expect(await readdir(path.join(project.folder, '.auth-sessions')).catch(() => [])).not.toContainEqual(
    expect.stringMatching(/^admin-/),
  );
});

test('stores the state of a setup project, which a run then uses without a sign-in', async () => {
  const browser = await request.newContext({ baseURL: site.url });
  await signInByRequest(browser, admin, { nowMs: Date.now() });
  await browser.storageState({ path: path.join(project.folder, 'admin.json') });
  await browser.dispose();
  const imported = await run('import', 'admin', 'admin.json', '--json');
  expect(envelopeOf(imported)).toMatchObject({
    ok: true,
    data: {
      session: 'admin',
      signedIn: true,
      file: 'admin.json',
      captured: [{ kind: 'cookie', domain: '127.0.0.1' }],
    },
  });
  const again = await run('import', 'admin', 'admin.json');
  expect(again.stderr).toMatch(/Captured:\n {2}cookie \S+ of 127\.0\.0\.1, /);
  expect(again.stdout).toMatch(/✓ admin imported: signed in according to the flow's check \(1 cookie/);
  expect(again.stdout).toContain('Delete admin.json: anyone holding it can use the session.');
  const { exitCode, output } = await project.run([], { env: { AUTH_SESSIONS_KEY: testStoreKey } });
  expect(output).toContain('1 passed');
  expect(exitCode).toBe(0);
  expect(site.signIns(admin.email)).toBe(1);
  const down = await run('import', 'admin', 'admin.json', '--base-url', 'http://127.0.0.1:9');
  expect([down.exitCode, down.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
    1,
    expect.stringMatching(
      /"admin" was not imported: the application did not answer its check\. \[ERR_APPLICATION_UNREACHABLE\] .*127\.0\.0\.1:9.* --force/,
    ),
  ]);
});

test('a project with both a session and a storage state stops before any test starts', async () => {
  const { exitCode, output } = await project.run([], {
    env: { AUTH_SESSIONS_KEY: testStoreKey, BOTH: 'yes' },
  });
  expect(output).toContain('The config sets both use.authSession and use.storageState.');
  expect(output).toContain('npx playwright-auth-sessions import admin admin.json');
  expect([exitCode, /\d passed/.test(output)]).toEqual([1, false]);
});
