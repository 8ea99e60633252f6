import { expect, test } from '@playwright/test';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';
import { createTokenSite, tokenFlow, type TokenSite } from '../support/token-site.js';

test.describe.configure({ timeout: 300_000 });

let site: TokenSite;
let project: NestedProject | undefined;

test.beforeEach(async () => {
  site = await createTokenSite();
});

test.afterEach(async () => {
  await project?.remove();
  project = undefined;
  await site.close();
});

async function createProject(
  tests: string,
  { session = "writeBack: 'test',", use = '' } = {},
): Promise<NestedProject> {
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, timeout: 15_000,
        reporter: [['list'], ['junit', { outputFile: 'junit.xml' }]],
        use: { baseURL: ${JSON.stringify(site.url)}, launchOptions: ${browserUse()}, ${use} },
      }));`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      import flow from './flow.js';
      export default defineAuthSessions({
        sessions: { ada: { flow, parameters: { password: 'op://qa/ada/password' }, ${session} } } });`,
    'flow.ts': tokenFlow,
    '.env.auth-sessions': `QA__ADA__PASSWORD='Right-horse-battery-7'`,
    'tests/all.spec.ts': `import { expect, test } from '@auth';
      test.use({ authSession: 'ada' });
      const works = (title: string) => test(title, async ({ page }) => {
        await page.goto('/');
        await expect(page.getByText('Signed in')).toBeVisible();
      });
      ${tests}`,
  });
  return project;
}

test('a state that each use replaces outlives a failed test, a time-out, a crash and a dead worker', async () => {
  const nested = await createProject(`
    works('before');
    test('fails', async ({ page }) => { await page.goto('/'); expect(1).toBe(2); });
    works('after a failed test');
    test('times out', async ({ page }) => {
      test.setTimeout(1500);
      await page.goto('/');
      await page.getByText('never').waitFor();
    });
    works('after a time-out');
    test('asks by request', async ({ request }) => { expect((await request.get('/')).ok()).toBe(true); });
    works('after the request fixture');
    test('loses its context', async ({ page, context }) => { await page.goto('/'); await context.close(); });
    works('after a lost context');
    test('crashes', async ({ page }) => {
      await page.goto('/');
      await Promise.all([page.waitForEvent('crash'), page.goto('chrome://crash').catch(() => undefined)]);
      expect(1).toBe(2);
    });
    works('after a crash');
    test('dies', async ({ page }) => { await page.goto('/'); process.kill(process.pid, 'SIGKILL'); });
    works('after a dead worker');
    works('and once more');`);
  const { output } = await nested.run();
  expect(output).toContain('4 failed');
  expect(output).toContain('10 passed');
  // Only the lost context and the dead worker leave nothing to go on with.
  expect(site.signIns).toBe(3);
});

test('a test that signs out and tells nobody has the next one signed in', async () => {
  const nested = await createProject(
    `works('before');
     test('signs out', async ({ page }) => { await page.goto('/sign-out'); });
     works('after');`,
    { session: 'trustSeconds: 300,' },
  );
  const { output } = await nested.run(['--grep', 'signs out|after']);
  expect(output).toContain('2 passed');
  expect(site.signIns).toBe(2);
});

test('the error of a test whose session died says so first, and names writeBack where the cookie changes', async () => {
  const nested = await createProject(
    `test('first', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });
     test('second', async ({ page }) => { await page.goto('/?token=in-the-query'); await expect(page.getByText('Signed in')).toBeVisible({ timeout: 500 }); });
     test('third', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });
     test('fourth', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible({ timeout: 500 }); });
     test('fifth', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });`,
    { session: '' },
  );
  await nested.write({
    'flow.ts': tokenFlow.replace('async check', 'signedOut: ({ status }) => status === 401, async check'),
  });
  const { output } = await nested.run();
  expect(output).toContain('3 passed');
  expect(output.replaceAll(/Seen [\d.]+ s/g, 'Seen 0 s')).toContain(
    `    Session "ada" was signed out during this test. Seen 0 s after the test got it: the page ${site.url}/ was answered with 401. `,
  );
  expect(output).toContain(
    "set writeBack: 'test' for this session, and use one worker for it. [ERR_SESSION_SIGNED_OUT]",
  );
  expect(output.split("Set writeBack: 'test' for this session")).toHaveLength(2);
  expect(output).not.toContain('in-the-query was answered');
  expect(await nested.read('junit.xml')).toMatch(/failure message[^>]*>[\s\S]{0,400}ERR_SESSION_SIGNED_OUT/);
});

test('a reused context is signed in each time, and has nothing of the session before', async () => {
  // Playwright reuses a context for the same storage state; sessions that live in sessionStorage alone share one.
  const nested = await createProject(
    `let number = 0;
     for (const who of ['one', 'one', 'two', 'two', 'tab-one', 'tab-one', 'tab-two', 'tab-one', null, null, 'one'])
       test.describe(() => {
         test.use({ authSession: who });
         test('is ' + who + ' ' + (number += 1), async ({ page }) => {
           await page.goto('/sign-in');
           const seen = await page.evaluate(() => ({ user: localStorage.user, token: sessionStorage.token,
             left: [localStorage.left, sessionStorage.left], cookie: document.cookie }));
           const isWhole = who === 'one' || who === 'two';
           expect(seen).toEqual({ left: [undefined, undefined], user: isWhole ? who : undefined,
             token: who === null ? undefined : 'tab-of-' + who, cookie: isWhole ? 'readable=cookie-of-' + who : '' });
           await page.evaluate(() => { sessionStorage.left = 'by a test'; localStorage.left = 'by a test'; });
         });
       });`,
    { use: 'reuseContext: true,' },
  );
  await nested.write({
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = (name: string) => defineAuthFlow({
        async create({ page }) {
          await page.goto('/sign-in');
          await page.evaluate((user) => {
            sessionStorage.token = 'tab-of-' + user;
            if (user.startsWith('tab')) return;
            localStorage.user = user;
            document.cookie = 'readable=cookie-of-' + user;
          }, name);
        },
        check: () => true,
      });
      const session = (name: string) => ({ flow: flow(name), parameters: { password: 'op://qa/ada/password' } });
      export default defineAuthSessions({ sessions: Object.fromEntries(
        ['one', 'two', 'tab-one', 'tab-two'].map((name) => [name, session(name)])) });`,
  });
  const { output } = await nested.run();
  expect(output).toContain('11 passed');
});
