import { expect, test } from '@playwright/test';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';
import { createTokenApp, tokenAccount, tokenPlaces, type TokenApp } from '../support/token-app.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const env = { AUTH_SESSIONS_KEY: testKey('web storage') };

let app: TokenApp;
let project: NestedProject;

test.beforeAll(async () => {
  app = await createTokenApp();
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  await app.close();
});

test('an account whose tokens are in web storage signs in once for all tests, and signs out after an isolated one', async () => {
  const run = await project.run([], { env });
  expect(resultsOf(run, 'tokens.spec.ts'), run.output).toEqual({ passed: 14, failed: 0, skipped: 0 });
  // One session of localStorage is isolated, and signed out after its test.
  expect(Object.fromEntries(app.signIns)).toEqual({ ...onceEach(), local: 2 });
  expect(tokenPlaces.map((place) => app.living(place))).toEqual([1, 1, 1, 1, 1, 1]);
  expect(app.reused).toBe(0);
});

test('a session that the server has ended is renewed from its old storage', async () => {
  app.end();
  const run = await project.run(['-g', 'is signed in'], { env });
  expect(resultsOf(run, 'tokens.spec.ts'), run.output).toEqual({ passed: 12, failed: 0, skipped: 0 });
  expect(Object.fromEntries(app.signIns)).toEqual({ ...onceEach(2), local: 3 });
  expect(app.reused).toBe(0);
});

function onceEach(times = 1): Record<string, number> {
  return Object.fromEntries(tokenPlaces.map((place) => [place, times]));
}

function projectFiles(): Readonly<Record<string, string>> {
  const [flow = ''] = codeBlocks('docs/web-storage.md', 'The flow');
  const [exclusive = ''] = codeBlocks('docs/web-storage.md', 'Rotating refresh tokens');
  const [, option = ''] = /(exclusive: \w+)/.exec(exclusive) ?? [];
  const sessions = tokenPlaces.map(
    (place) => `${place}: { flow, parameters, baseURL: ${JSON.stringify(app.urlOf(place))},
      ${place === 'rotating' ? option : ''} },`,
  );
  return {
    'package.json': '{ "type": "module", "name": "tokens" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list']],
        use: { launchOptions: ${browserUse()} },
      }));`,
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ ${flow} });
      const parameters = { username: 'op://qa/ada/username', password: 'op://qa/ada/password' };
      export default defineAuthSessions({ sessions: { ${sessions.join('\n')} } });`,
    '.env.auth-sessions': `QA__ADA__USERNAME='${tokenAccount.username}'\nQA__ADA__PASSWORD='${tokenAccount.password}'`,
    'tests/tokens.spec.ts': `
      import { expect, test } from '@auth';
      for (const name of ${JSON.stringify(tokenPlaces)})
        test.describe(name, () => {
          test.use({ authSession: name });
          for (const round of [1, 2])
            test('is signed in ' + round, async ({ page, context }) => {
              await page.goto('/');
              await expect(page.getByText('Signed in as ${tokenAccount.username}')).toBeVisible();
              const tab = await context.newPage();
              await tab.goto('/');
              await expect(tab.getByText('Signed in as')).toBeVisible();
            });
        });
      test.describe('a tab', () => {
        test.use({ authSession: 'tab' });
        test('has its tokens in popups and frames', async ({ page }) => {
          await page.goto('/');
          await expect(page.getByText('Signed in as')).toBeVisible();
          const opened = page.waitForEvent('popup');
          await page.evaluate(() => {
            open('/');
            document.body.append(Object.assign(document.createElement('iframe'), { src: '/' }));
          });
          await expect((await opened).getByText('Signed in as')).toBeVisible();
          await expect(page.frameLocator('iframe').getByText('Signed in as')).toBeVisible();
        });
      });
      test.describe('alone', () => {
        test.use({ authSession: { name: 'local', isolated: true } });
        test('has a session for itself', async ({ page }) => {
          await page.goto('/');
          await expect(page.getByText('Signed in as')).toBeVisible();
        });
      });`,
  };
}
