import { expect, test } from '@playwright/test';
import { accountsFlow, createAccountsSite, type AccountsSite } from '../support/accounts-site.js';
import { createNestedProject, resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import { suiteConfig } from '../support/suite-config.js';

test.describe.configure({ timeout: 300_000 });

let site: AccountsSite;
let project: NestedProject;
let run: NestedRun;

/** One after another: a state that is lost in one test shows in the next. */
test.beforeAll(async () => {
  test.setTimeout(300_000);
  site = await createAccountsSite();
  project = await createNestedProject({
    'package.json': '{ "type": "module", "name": "exclusive" }',
    'playwright.config.ts': suiteConfig(site.url),
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      import flow from './flow.js';
      const storage = defineAuthFlow({
        create: flow.create,
        async check({ page }) {
          await page.goto('/sign-in');
          return page.evaluate(async () => {
            const answer = await fetch('/refresh', { headers: { 'x-token': localStorage.token } });
            if (answer.ok) localStorage.token = await answer.text();
            return answer.ok;
          });
        },
      });
      const parameters = (item: string) => ({ password: \`op://qa/\${item}/password\` });
      export default defineAuthSessions({ sessions: {
        solo: { flow, exclusive: true, parameters: parameters('solo') },
        storage: { flow: storage, exclusive: true, parameters: parameters('storage') },
      } });`,
    'flow.ts': accountsFlow,
    '.env.auth-sessions':
      'QA__SOLO__PASSWORD=password-of-solo\nQA__STORAGE__PASSWORD=password-of-solo-storage',
    'tests/busy.spec.ts': `
      import { expect, test } from '@auth';
      const isBusy = async (page, address) => {
        await page.goto(address);
        await expect(page.getByRole('status')).toHaveText(/^[2-9]$|..|refused/);
        await expect(page.getByRole('status')).not.toHaveText('refused', { timeout: 1 });
      };
      const rounds = [1, 2, 3, 4, 5];
      for (const round of rounds) {
        test.describe('round ' + round, () => {
          test.describe(() => {
            test.use({ authSession: 'solo' });
            test('page', async ({ page }) => isBusy(page, '/busy'));
          });
          test.describe(() => {
            test.use({ authSession: 'storage' });
            test('page with storage', async ({ page }) => isBusy(page, '/busy-storage'));
          });
          test('new pages', async ({ authSessions }) => {
            await isBusy(await authSessions.newPage('solo'), '/busy');
            await isBusy(await authSessions.newPage('storage'), '/busy-storage');
          });
          test('failing page', async ({ authSessions }) => {
            await isBusy(await authSessions.newPage('solo'), '/busy');
            await isBusy(await authSessions.newPage('storage'), '/busy-storage');
            test.fail(round !== 3);
            expect(round).toBe(0);
          });
        });
      }`,
  });
  run = await project.run();
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a page that replaces its token until it is closed loses nothing in 20 tests', () => {
  // Four of the failed tests are expected to fail.
  expect(resultsOf(run, 'busy.spec.ts'), run.output).toEqual({ passed: 15, failed: 5, skipped: 0 });
  expect(run.output).toContain('  19 passed');
  expect(site.refused).toBe(0);
  expect(Object.fromEntries(site.signIns)).toEqual({ solo: 1, 'solo-storage': 1 });
});
