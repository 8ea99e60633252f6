import { expect, test } from '@playwright/test';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { createShopSite, shopAccount, type ShopKind, type ShopSite } from '../support/docs/shop-site.js';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'serial', timeout: 240_000 });

const kinds: readonly ShopKind[] = ['cookie', 'bearer', 'basic', 'basic with a cookie', 'sso'];
const sites = {} as Record<ShopKind, ShopSite>;
let project: NestedProject;

test.beforeAll(async () => {
  for (const kind of kinds) sites[kind] = await createShopSite(kind);
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  for (const site of Object.values(sites)) await site.close();
});

test('the examples of the README and of the pages on flows and recipes sign in', async () => {
  const { exitCode, output } = await project.run();
  expect(exitCode, output).toBe(0);
  expect(output).toContain('6 passed');
  expect(sites.sso.signIns).toBe(1);
});

test('a renewal starts from the old state: a provider that still knows the account asks for no password', async () => {
  sites.sso.endSessions();
  const { exitCode, output } = await project.run(['sso.spec']);
  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/sso +renewed/);
  expect(sites.sso.signIns).toBe(1);
});

function projectFiles(): Readonly<Record<string, string>> {
  const [, , readmeFlow = '', readmeTest = ''] = codeBlocks('README.md', 'Get started');
  const [cookieCheck = ''] = codeBlocks('docs/flows.md', 'Cookies');
  const [bearerCheck = '', bearerRequest = ''] = codeBlocks('docs/flows.md', 'Bearer tokens in localStorage');
  const [basicCreate = ''] = codeBlocks('docs/flows.md', 'HTTP Basic');
  const [gateway = ''] = codeBlocks('docs/headers.md', 'HTTP Basic');
  const [ssoCreate = ''] = codeBlocks('docs/flows.md', 'Single sign-on');
  const [workerFixture = ''] = codeBlocks('docs/recipes.md', 'One account per worker');
  const flow = (body: string) =>
    `import { CredentialsRejectedError, defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${body} });`;
  const withMore = (text: string, more: string) => text.replace(/\n\}\);\s*$/, `\n${more}});`);
  const session = (name: string, file: string, kind: ShopKind) =>
    `${name}: { flow: './${file}.ts', baseURL: '${sites[kind].url}', parameters: {
      username: 'op://automation/shop-admin/username', password: 'op://automation/shop-admin/password' } },`;
  return {
    'auth-flows/sign-in.ts': readmeFlow,
    'auth-flows/cookie.ts': withMore(readmeFlow, cookieCheck),
    'auth-flows/bearer.ts': withMore(readmeFlow, bearerCheck),
    'auth-flows/basic.ts': flow(basicCreate),
    'auth-flows/sso.ts': flow(ssoCreate + cookieCheck),
    'auth-flows/auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: {
        ${session('admin', 'sign-in', 'cookie')}
        ${session('customer1', 'cookie', 'cookie')}
        ${session('bearer', 'bearer', 'bearer')}
        ${session('basic', 'basic', 'basic with a cookie')}
        ${gateway.replaceAll('automation/gateway', 'automation/shop-admin')}
        ${session('sso', 'sso', 'sso')}
      } });`,
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: 'list', use: { launchOptions: ${browserUse()} } }));`,
    '.env.auth-sessions': `AUTOMATION__SHOP_ADMIN__USERNAME='${shopAccount.username}'\nAUTOMATION__SHOP_ADMIN__PASSWORD='${shopAccount.password}'\n`,
    'tests/orders.spec.ts': readmeTest,
    'tests/fixtures/worker.ts': workerFixture,
    'tests/gateway.spec.ts': seesOrders(
      "'@auth'",
      '/',
      `test.use({ authSession: 'gateway', baseURL: '${sites.basic.url}' });`,
    ),
    'tests/worker.spec.ts': seesOrders("'./fixtures/worker.js'", '/orders'),
    'tests/bearer.spec.ts': `import { expect, test } from '@auth';
      test.use({ authSession: 'bearer' });
      test('bearer', async ({ page }) => {
        await page.goto('/');
        await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        ${bearerRequest.replace('await page.request', 'const answer = await page.request')}
        expect(answer.status()).toBe(200);
      });`,
    'tests/basic.spec.ts': `import { expect, test } from '@auth';
      test.use({ authSession: 'basic' });
      test('basic', async ({ request }) => expect((await request.get('/')).status()).toBe(200));`,
    'tests/sso.spec.ts': seesOrders("'@auth'", '/', "test.use({ authSession: 'sso' });"),
  };
}

/** A test file, with the `test` of a module. */
function seesOrders(module: string, address: string, use = ''): string {
  return `import { expect } from '@auth';
    import { test } from ${module};
    ${use}
    test('sees the orders', async ({ page }) => {
      await page.goto('${address}');
      await expect(page.getByRole('heading', { name: 'Orders' })).toBeVisible();
    });`;
}
