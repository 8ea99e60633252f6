import { expect, test } from '@playwright/test';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { createNestedProject, resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';
import { createSignOutSite, signOutFlow, type SignOutSite } from '../support/sign-out-site.js';
import { suiteConfig } from '../support/suite-config.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const accounts = ['admin', 'editor', 'stuck'];

let site: SignOutSite;
let project: NestedProject;
let run: NestedRun;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  site = await createSignOutSite();
  project = await createNestedProject({
    'package.json': '{ "type": "module", "name": "signing-out" }',
    'playwright.config.ts': suiteConfig(site.url),
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      import flow from './flow.js';
      const { destroy, ...lasting } = flow;
      export default defineAuthSessions({
        sessions: {
          ${accounts.map((name) => `${name}: { flow, parameters: ${parametersOf(name)} },`).join('\n')}
          lasting: { flow: lasting, parameters: ${parametersOf('editor')} },
          guest: { type: 'runtime', flow },
          person: { type: 'recorder', flow },
        },
      });`,
    'flow.ts': signOutFlow,
    '.env.auth-sessions': accounts
      .map(
        (name) =>
          `QA__${name.toUpperCase()}__USERNAME=person-${name}\nQA__${name.toUpperCase()}__PASSWORD=password-of-${name}`,
      )
      .join('\n'),
    'tests/1-isolated.spec.ts': `
      import { expect, test } from '@auth';
      const seen = new Set();
      async function sessionOf(page) {
        await page.goto('/');
        return (await page.locator('body').innerText()).split(' ').at(-1);
      }
      test.describe('alone', () => {
        test.use({ authSession: { name: 'admin', isolated: true } });
        for (const number of [1, 2]) test('has its own session ' + number, async ({ page, authSessions }) => {
          const own = await sessionOf(page);
          expect(seen.has(own)).toBe(false);
          seen.add(own);
          const second = await authSessions.newPage({ name: 'admin', isolated: true });
          expect(await sessionOf(second)).toBe(own);
          const shared = await sessionOf(await authSessions.newPage('admin'));
          expect(shared).not.toBe(own);
        });
        test('may sign out itself', async ({ page }) => {
          await page.goto('/');
          await page.request.post('/sign-out');
        });
      });
      test.describe('together', () => {
        test.use({ authSession: 'admin' });
        for (const number of [1, 2]) test('shares a session ' + number, async ({ page }) => {
          expect(seen.has(await sessionOf(page))).toBe(false);
        });
      });`,
    'tests/2-ends.spec.ts': `
      import { expect, test } from '@auth';
      test('is ended by invalidate', async ({ authSessions }) => {
        await (await authSessions.newPage('editor')).goto('/');
        await authSessions.invalidate('editor');
        await (await authSessions.newPage('editor')).goto('/');
      });
      test('is a guest', async ({ authSessions }) => {
        const parameters = { username: 'guest', password: 'password-of-guest' };
        await (await authSessions.newPage({ name: 'guest', parameters })).goto('/');
      });
      test('cannot be signed out', async ({ authSessions }) => {
        await (await authSessions.newPage({ name: 'stuck', isolated: true })).goto('/');
        await (await authSessions.newPage('stuck')).goto('/');
      });
      test('has no flow that ends it', async ({ authSessions }) => {
        await (await authSessions.newPage('lasting')).goto('/');
      });
      test('is signed in by a person', async ({ authSessions }) => {
        const refused = authSessions.newPage({ name: 'person', isolated: true });
        await expect(refused).rejects.toThrow('Session "person" cannot be isolated.');
      });`,
  });
  run = await project.run([], { env: { AUTH_SESSIONS_KEY: testStoreKey } });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('an isolated session is signed in for its test, shared within it, and signed out after it', () => {
  expect(resultsOf(run, '1-isolated.spec.ts'), run.output).toEqual({ passed: 5, failed: 0, skipped: 0 });
  const [first, ...others] = sessionsOf('admin').filter(({ uses }) => uses > 2);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ isOpen: true, uses: 4 }); // two second pages, and the two tests that share it
  const isolated = sessionsOf('admin').filter((one) => one !== first);
  expect(isolated.map(({ isOpen, uses }) => [isOpen, uses])).toEqual([
    [false, 2],
    [false, 2],
    [false, 1],
  ]);
});

test('invalidate signs out on the server, and the next page gets a new session', () => {
  expect(resultsOf(run, '2-ends.spec.ts'), run.output).toEqual({ passed: 5, failed: 0, skipped: 0 });
  expect(sessionsOf('editor').map(({ isOpen }) => isOpen)).toEqual([false, true, true]);
});

test('a runtime session is signed out at the end of the run', () => {
  expect(sessionsOf('guest')).toMatchObject([{ isOpen: false, uses: 1 }]);
});

test('a session that cannot be signed out is a warning of the run', async () => {
  expect(run.exitCode, run.output).toBe(0);
  const text = 'Session "stuck": its flow did not sign out. The server answered 503.';
  expect(run.output).toContain(text);
  expect((await project.summary()).warnings).toEqual([expect.stringContaining(text)]);
});

test('remove --sign-out ends the session on the server', async () => {
  const removed = await ask('remove', 'admin', 'person', '--sign-out');
  expect(removed).toMatchObject({
    exitCode: 0,
    stdout: '✓ admin signed out and removed\n- person: nothing was stored\n',
  });
  expect(sessionsOf('admin').filter(({ isOpen }) => isOpen)).toEqual([]);
});

test('a session that cannot be signed out stays stored', async () => {
  const stuck = await ask('remove', 'stuck', '--sign-out');
  expect(stuck).toMatchObject({ exitCode: 1, stdout: '✗ stuck is still stored\n' });
  expect(stuck.stderr).toContain('ERR_SIGN_OUT_FAILED');
  const other = await runInProcess(['remove', 'stuck', '--sign-out'], {
    folder: project.folder,
    env: { AUTH_SESSIONS_KEY: testKey('another') },
  });
  expect(other).toMatchObject({ exitCode: 1, stdout: '✗ stuck is still stored\n' });
  expect(other.stderr).toContain('Its stored state cannot be used');
  const lasting = await ask('remove', 'lasting', '--sign-out');
  expect(lasting).toMatchObject({ exitCode: 1, stdout: '✗ lasting is still stored\n' });
  expect(lasting.stderr).toContain('Its flow has no destroy.');
  expect(await ask('remove', 'stuck', 'lasting')).toMatchObject({
    exitCode: 0,
    stdout: '✓ stuck removed\n✓ lasting removed\n',
  });
});

const ask = (...args: string[]) => runInProcess(args, { folder: project.folder });

const sessionsOf = (name: string) => site.sessions.filter(({ account }) => account === name);

function parametersOf(name: string): string {
  return `{ username: 'op://qa/${name}/username', password: 'op://qa/${name}/password' }`;
}
