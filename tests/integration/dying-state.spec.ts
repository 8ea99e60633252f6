import { expect, test } from '@playwright/test';
import {
  browserUse,
  createNestedProject,
  resultsOf,
  type NestedProject,
  type NestedRun,
} from '../support/nested-run.js';
import { createTokenSite, tokenFlow, type TokenSite } from '../support/token-site.js';

test.describe.configure({ timeout: 300_000 });

const sessions = ['kept', 'left', 'replaced', 'reused'] as const;
type Session = (typeof sessions)[number];

const sites = {} as Record<Session, TokenSite>;
let project: NestedProject;
let run: NestedRun;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  for (const name of sessions) sites[name] = await createTokenSite();
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, timeout: 15_000,
        reporter: [['list'], ['junit', { outputFile: 'junit.xml' }]],
        use: { launchOptions: ${browserUse()} },
        projects: [
          { name: 'plain', testIgnore: 'reused.spec.ts' },
          { name: 'reusing', testMatch: 'reused.spec.ts', use: { reuseContext: true, baseURL: '${sites.reused.url}' } },
        ],
      }));`,
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      import flow from './flow.js';
      import reporting from './reporting.js';
      const parameters = { password: 'op://qa/ada/password' };
      const own = (name: string) => defineAuthFlow({
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
      export default defineAuthSessions({ sessions: {
        kept: { flow, parameters, baseURL: '${sites.kept.url}', writeBack: 'test' },
        left: { flow, parameters, baseURL: '${sites.left.url}', trustSeconds: 300 },
        replaced: { flow: reporting, parameters, baseURL: '${sites.replaced.url}' },
        ...Object.fromEntries(['one', 'two', 'tab-one', 'tab-two'].map((name) => [name, { flow: own(name), parameters }])),
      } });`,
    'flow.ts': tokenFlow,
    'reporting.ts': tokenFlow.replace(
      'async check',
      'signedOut: ({ status }) => status === 401, async check',
    ),
    '.env.auth-sessions': `QA__ADA__PASSWORD='Right-horse-battery-7'`,
    ...testFiles,
  });
  run = await project.run();
});

test.afterAll(async () => {
  await project.remove();
  for (const site of Object.values(sites)) await site.close();
});

test('a state that each use replaces survives a failed test, a timeout, a crash and a dead worker', () => {
  expect(resultsOf(run, 'kept.spec.ts'), run.output).toEqual({ passed: 10, failed: 4, skipped: 0 });
  // Only the lost context and the dead worker leave nothing to go on with.
  expect(sites.kept.signIns).toBe(3);
});

test('after a test that signs out without saying so, the next one is signed in', () => {
  expect(resultsOf(run, 'left.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(sites.left.signIns).toBe(2);
});

test('the error of a test whose session ended says so first, and suggests writeBack if the cookie changes', async () => {
  const { output } = run;
  expect(resultsOf(run, 'replaced.spec.ts'), output).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(output.replaceAll(/Seen [\d.]+ s/g, 'Seen 0 s').replaceAll(/\n +/g, ' ')).toContain(
    ` Session "replaced" was signed out during this test. Seen 0 s after the test got it: the page ${sites.replaced.url}/ was answered with 401. `,
  );
  expect(output).toMatch(
    /set writeBack: 'test' for this session, and use one worker for it\.\s+\[ERR_SESSION_SIGNED_OUT\]/,
  );
  expect(output.split("Set writeBack: 'test' for this session")).toHaveLength(2);
  expect(output).not.toContain('in-the-query was answered');
  expect(await project.read('junit.xml')).toMatch(/failure message[^>]*>[\s\S]{0,400}ERR_SESSION_SIGNED_OUT/);
});

test('a reused context is signed in each time, and has nothing from the previous session', () => {
  // Playwright reuses a context for the same storage state; sessions that live in sessionStorage alone share one.
  expect(resultsOf(run, 'reused.spec.ts'), run.output).toEqual({ passed: 17, failed: 0, skipped: 0 });
});

const testsOf = (session: Session, tests: string) => `import { expect, test } from '@auth';
  test.use({ authSession: '${session}' });
  const works = (title: string) => test(title, async ({ page }) => {
    await page.goto('/');
    await expect(page.getByText('Signed in')).toBeVisible();
  });
  ${tests}`;

const testFiles = {
  'tests/kept.spec.ts': testsOf(
    'kept',
    `
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
    works('and once more');`,
  ),
  'tests/left.spec.ts': testsOf(
    'left',
    `
    test('signs out', async ({ page }) => { await page.goto('/sign-out'); });
    works('after');`,
  ),
  'tests/replaced.spec.ts': testsOf(
    'replaced',
    `
     test('first', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });
     test('second', async ({ page }) => { await page.goto('/?token=in-the-query'); await expect(page.getByText('Signed in')).toBeVisible({ timeout: 500 }); });
     test('third', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });
     test('fourth', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible({ timeout: 500 }); });
     test('fifth', async ({ page }) => { await page.goto('/'); await expect(page.getByText('Signed in')).toBeVisible(); });`,
  ),
  'tests/reused.spec.ts': `import { expect, test } from '@auth';
     let number = 0;
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
       });
     for (const [who, next] of [['one', 'two'], ['tab-one', 'tab-two'], ['two', null]]) {
       test.describe(() => {
         test.use({ authSession: who });
         test(who + ' visits nothing before ' + next, async ({ page }) => { await page.goto('about:blank'); });
       });
       test.describe(() => {
         test.use({ authSession: next });
         test(next + ' is not ' + who, async ({ page, context }) => {
           if (next === null) expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
           await page.goto('/sign-in');
           const seen = await page.evaluate(() => [localStorage.user ?? null, sessionStorage.token ?? null]);
           expect(seen).toEqual([next === 'two' ? 'two' : null, next && 'tab-of-' + next]);
         });
       });
     }`,
};
