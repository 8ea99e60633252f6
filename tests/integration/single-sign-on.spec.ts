import { expect, test } from '@playwright/test';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { createNestedProject, resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import { createIdentityProvider, type IdentityProvider } from '../support/oidc/identity-provider.js';
import { createOidcShop, type OidcShop } from '../support/oidc/shop.js';
import { freePort } from '../support/ports.js';
import { localCredentials, quickAccounts } from '../support/signed-in-project.js';
import { testKey } from '../support/test-key.js';
import { suiteConfig } from '../support/suite-config.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const account = quickAccounts.admin;
const env = { AUTH_SESSIONS_KEY: testKey('single sign-on') };

let provider: IdentityProvider;
let shop: OidcShop;
let project: NestedProject;

test.beforeAll(async () => {
  const [providerPort, shopPort] = [await freePort(), await freePort()];
  const client = { id: 'shop', redirectUris: [`http://localhost:${shopPort}/callback`] };
  provider = await createIdentityProvider({ port: providerPort, account, client });
  shop = await createOidcShop({ port: shopPort, providerUrl: provider.url, clientId: client.id });
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  await shop.close();
  await provider.close();
});

test('an account is signed in across origins by a redirect and in a popup, once each', async () => {
  const run = await project.run([], { env });
  expect(resultsOf(run, 'sso.spec.ts'), run.output).toEqual({ passed: 6, failed: 0, skipped: 0 });
  expect([provider.signIns, provider.consents]).toEqual([3, 3]); // two shared sessions, and an isolated one
  expect(outcomesOf(run)).toEqual({ redirect: 'created', popup: 'created' });
  expect(shop.sessions).toBe(2); // the one that the frame made is signed out after its test
});

test('a session that the provider outlives is renewed without a password and a code', async () => {
  shop.endSessions();
  const arrivals = shop.arrivals;
  const run = await project.run(['-g', 'is signed in'], { env });
  expect(resultsOf(run, 'sso.spec.ts'), run.output).toEqual({ passed: 4, failed: 0, skipped: 0 });
  expect(outcomesOf(run)).toEqual({ redirect: 'renewed', popup: 'renewed' });
  expect([provider.signIns, shop.arrivals]).toEqual([3, arrivals + 2]);
});

/** How each session was first acquired, by the table at the run's end. */
function outcomesOf({ output }: NestedRun): Record<string, string> {
  const rows = [...output.matchAll(/^ *(redirect|popup) +(\w+) /gm)];
  return Object.fromEntries(rows.map(([, name = '', outcome = '']) => [name, outcome]));
}

function projectFiles(): Readonly<Record<string, string>> {
  const [redirect = ''] = codeBlocks('docs/single-sign-on.md', 'By a redirect');
  const [popup = ''] = codeBlocks('docs/single-sign-on.md', 'In a popup');
  const flow = (text: string) =>
    `import { defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${text} });`;
  const checks = redirect.slice(redirect.indexOf('async check'));
  const session = (name: string) => `${name}: { flow: './${name}.ts', parameters: {
    username: 'op://automation/consultations-admin/username',
    password: 'op://automation/consultations-admin/password',
    otp: 'op://automation/consultations-admin/one-time password?attribute=otp' } },`;
  return {
    'package.json': '{ "type": "module", "name": "sso" }',
    'playwright.config.ts': suiteConfig(shop.url),
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({
        codes: { minRemainingSeconds: 1 },
        sessions: { ${session('redirect')} ${session('popup')} },
      });`,
    'redirect.ts': flow(redirect),
    'popup.ts': flow(`${popup}\n${checks}`),
    '.env.auth-sessions': localCredentials({ admin: account }),
    'tests/sso.spec.ts': `
      import { expect, test } from '@auth';
      for (const name of ['redirect', 'popup'])
        test.describe(name, () => {
          test.use({ authSession: name });
          test('is signed in on a page', async ({ page }) => {
            await page.goto('/');
            await expect(page.getByText('Signed in as ${account.email}')).toBeVisible();
          });
          test('is signed in by a request', async ({ request }) => {
            expect((await request.get('/api/me')).ok()).toBe(true);
          });
        });
      test.describe('in mid-test', () => {
        test.use({ authSession: { name: 'redirect', isolated: true } });
        test('a hidden frame renews the session', async ({ page }) => {
          await page.goto('/');
          await page.request.post('/logout');
          await page.goto('/');
          await expect(page.getByText('Signed in as')).toBeVisible();
        });
      });
      test('nobody stays nobody', async ({ page }) => {
        await page.goto('/');
        await expect(page.getByText('Nobody is signed in')).toBeVisible();
      });`,
  };
}
