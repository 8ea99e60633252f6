import { expect, test } from '@playwright/test';
import { createApiSite, type ApiSite } from '../support/api-site.js';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const account = { email: 'ada@api.example', password: 'Right-horse-9' };
const env = { AUTH_SESSIONS_KEY: testKey('headers') };

let site: ApiSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createApiSite({ account });
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a suite that takes only request signs in, checks and tests without a browser', async () => {
  const run = await project.run(['--project=api'], { env });
  expect(resultsOf(run, 'api.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect([run.exitCode, site.signIns]).toEqual([0, 1]);
  // The browser that this project names does not exist.
  const proof = await project.run(['--project=proof'], { env });
  expect(proof.output).toContain('/nowhere/chromium');
});

test('a session that the server ended is renewed without a browser', async () => {
  site.endSessions();
  const run = await project.run(['--project=api'], { env });
  expect(resultsOf(run, 'api.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect([run.exitCode, site.signIns, run.output.includes('renewed')]).toEqual([0, 2, true]);
});

test('pages, contexts and requests of a test send them to the session alone, and no artifact has them', async () => {
  const from = site.requests.length;
  const run = await project.run(['--project=pages'], { env });
  expect(resultsOf(run, 'pages.spec.ts'), run.output).toEqual({ passed: 3, failed: 0, skipped: 0 });
  expect([run.exitCode, site.signIns, run.output.includes('api-token')]).toEqual([0, 2, false]);
  const tests = site.requests.slice(from).filter(({ path }) => path.startsWith('/seen'));
  const seen = tests.map(({ host, path, headers }) => [
    `http://${host}` === site.origins.own ? 'own' : 'other',
    path,
    headers.authorization ?? headers['x-api-key'] ?? 'none',
  ]);
  expect(seen.sort()).toEqual([
    ['other', '/seen/context', 'none'],
    ['other', '/seen/page', 'none'],
    ['own', '/seen/context', 'Bearer api-token-2-Zq7vK2mX9p'],
    ['own', '/seen/key', account.password],
    ['own', '/seen/page', 'Bearer api-token-2-Zq7vK2mX9p'],
  ]);
});

function projectFiles(): Readonly<Record<string, string>> {
  const [bearer = '', tests = '', key = ''] = codeBlocks('docs/headers.md', 'A bearer token or an API key');
  const flow = (text: string) =>
    `import { CredentialsRejectedError, defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${text} });`;
  const { own, other } = site.origins;
  const project = (name: string, file: string, use: string) =>
    `{ name: '${name}', testMatch: '${file}.spec.ts', use: { ${use} } },`;
  return {
    'package.json': '{ "type": "module", "name": "headers" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      const nowhere = { executablePath: '/nowhere/chromium' };
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list'], ['html', { open: 'never' }]], use: { baseURL: '${own}' },
        projects: [
          ${project('api', 'api', 'launchOptions: nowhere')}
          ${project('proof', 'pages', 'launchOptions: nowhere')}
          ${project('pages', 'pages', `launchOptions: ${browserUse()}, trace: 'on'`)}
        ],
      }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      const [username, password] = ['op://automation/api/username', 'op://automation/api/password'];
      export default defineAuthSessions({ sessions: {
        api: { flow: './api.ts', parameters: { username, password } },
        key: { flow: './key.ts', parameters: { key: password } },
      } });`,
    'api.ts': flow(bearer),
    'key.ts': flow(key),
    '.env.auth-sessions': [
      `AUTOMATION__API__USERNAME='${account.email}'`,
      `AUTOMATION__API__PASSWORD='${account.password}'`,
    ].join('\n'),
    'tests/api.spec.ts': `
      import { expect, test } from '@auth';
      ${tests}
      test('the test says more', async ({ request }) => {
        const headers = { Authorization: 'Bearer none' };
        expect((await request.get('/me', { headers })).status()).toBe(401);
      });`,
    'tests/pages.spec.ts': `
      import { expect, test } from '@auth';
      test.use({ authSession: 'api' });
      test('a page', async ({ page, request }) => {
        await page.goto('/page?' + encodeURIComponent('<img src="${other}/seen/page"><img src="${own}/seen/page">'));
        expect((await request.get('/me')).ok()).toBe(true);
      });
      test('a context of the session', async ({ authSessions }) => {
        const page = await authSessions.newPage('api');
        await page.goto('/seen/context');
        await page.request.get('${other}/seen/context');
      });
      test('a key', async ({ authSessions }) => {
        const page = await authSessions.newPage('key');
        await page.goto('/seen/key');
      });`,
  };
}
