import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { createAccessSite, type AccessSite } from '../support/access-site.js';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { carelessAccessSuite } from '../support/leaks/careless-access-suite.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const accounts = {
  gateway: { username: 'gate-ada', password: 'Gate-horse-31x' },
  files: { username: 'files-bob', password: 'Files-horse-47y' },
};
const sessionToken = 'own-token-7Hq2Lw9Zb4Kd';
const env = { AUTH_SESSIONS_KEY: testKey('session access') };

let site: AccessSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createAccessSite(accounts);
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('sessions pass HTTP Basic and TLS by their references, in sign-ins, pages and requests, each at its origin', async () => {
  const run = await project.run([], { env });
  expect(resultsOf(run, 'access.spec.ts'), run.output).toEqual({ passed: 5, failed: 0, skipped: 0 });
  expect(run.exitCode, run.output).toBe(0);
  expect(new Set(site.visitors.gateway)).toEqual(new Set(['nobody', accounts.gateway.username]));
  expect(new Set(site.visitors.files)).toEqual(new Set(['nobody', accounts.files.username]));
  expect(new Set(site.visitors.partner)).toEqual(new Set(['partner client']));
});

test('a careless suite with headers, HTTP Basic and a certificate leaks none of them', async () => {
  await project.write({ 'tests/access.spec.ts': carelessAccessSuite(site.partner) });
  const run = await project.run(['--reporter=list,json,html'], { env });
  expect(run.output).toContain('4 failed');
  for (const name of ['header X-Session-Token', 'httpCredentials password'])
    expect(run.output).toContain(`[redacted:careless ${name}]`);
  await mkdir(path.join(project.folder, 'printed'));
  await writeFile(path.join(project.folder, 'printed/output.txt'), run.output);
  expect(await findValues(['printed', 'test-results', 'playwright-report', '.auth-sessions'])).toEqual([]);
  // The search finds what is there.
  await mkdir(path.join(project.folder, 'planted'));
  await writeFile(path.join(project.folder, 'planted/key.json'), JSON.stringify({ key: site.client.key }));
  expect(await findValues(['planted'])).not.toEqual([]);
});

async function findValues(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const roots = folders.map((one) => path.join(project.folder, one));
  for await (const { file, members, ...find } of findLeaks({ roots, redactor: redactorOfValues() }))
    found.push([...Object.values<unknown>(find), path.relative(project.folder, file), ...members].join(' '));
  return found;
}

/** Pieces of lines of PEM identify it, however its lines are printed or cut. */
function redactorOfValues(): Redactor {
  const redactor = createRedactor();
  const { key, cert } = site.client;
  const lines = [...key.split('\n'), ...cert.split('\n')].filter((line) => !line.startsWith('-----'));
  const basic = Object.values(accounts).flatMap(({ username, password }) => [
    password,
    Buffer.from(`${username}:${password}`).toString('base64'),
  ]);
  for (const value of [sessionToken, ...basic, ...lines.flatMap((line) => line.match(/.{20}/g) ?? [])])
    redactor.add(new SecretValue(value, value));
  return redactor;
}

function projectFiles(): Readonly<Record<string, string>> {
  const [gateway = '', several = ''] = codeBlocks('docs/headers.md', 'HTTP Basic');
  const [partner = ''] = codeBlocks('docs/headers.md', 'Client certificates');
  return {
    'package.json': '{ "type": "module", "name": "access" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list'], ['html', { open: 'never' }]],
        use: { baseURL: '${site.gateway}', launchOptions: ${browserUse()}, trace: 'on', ignoreHTTPSErrors: true },
      }));`,
    'flow.ts': `import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        async create({ page }) {
          await page.goto('/');
          await page.getByRole('heading', { name: 'Welcome' }).waitFor();
          await page.context().addCookies([{ name: 'session', value: 'cookie-Zk39vQ71', url: '${site.gateway}' }]);
        },
        async check({ request }) { return (await request.get('/')).ok(); },
      });`,
    'careless.ts': `import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        create: async ({}) => ({ headers: { 'X-Session-Token': '${sessionToken}' } }),
        check: async ({ request }) => (await request.get('/')).ok(),
      });`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      const partner = { ${partner} }.partner;
      export default defineAuthSessions({ sessions: {
        ${gateway}
        both: { flow: './flow.ts', parameters: {}, ${several.replace('https://files.example', site.files)} },
        partner: { ...partner, baseURL: '${site.partner}' },
        archive: { baseURL: '${site.partner}', clientCertificates: [
          { pfx: 'op://automation/partner/client.p12', passphrase: 'op://automation/partner/passphrase' }] },
        careless: { flow: './careless.ts', parameters: {}, ${several.replace('https://files.example', site.files)}
          clientCertificates: partner.clientCertificates.map((one) => ({ ...one, origin: '${site.partner}' })) },
      } });`,
    '.env.auth-sessions': [
      `AUTOMATION__GATEWAY__USERNAME='${accounts.gateway.username}'`,
      `AUTOMATION__GATEWAY__PASSWORD='${accounts.gateway.password}'`,
      `AUTOMATION__FILES__USERNAME='${accounts.files.username}'`,
      `AUTOMATION__FILES__PASSWORD='${accounts.files.password}'`,
      `AUTOMATION__PARTNER__CERTIFICATE='${site.client.cert}'`,
      // As in a field that has lost its line breaks.
      `AUTOMATION__PARTNER__PRIVATE_KEY='${site.client.key.trim().replaceAll('\n', ' ')}'`,
      `AUTOMATION__PARTNER__CLIENT_P12__base64='${site.client.pfx.toString('base64')}'`,
      "AUTOMATION__PARTNER__PASSPHRASE='archive-pass-31q'",
    ].join('\n'),
    'tests/access.spec.ts': `
      import { expect, test } from '@auth';
      async function isWelcome(page, request, url) {
        await page.goto(url);
        await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
        expect((await request.get(url)).status()).toBe(200);
        expect((await page.request.get(url)).status()).toBe(200);
      }
      test.describe('alone', () => {
        test.use({ authSession: 'gateway' });
        test('the gateway', async ({ page, request }) => {
          await isWelcome(page, request, '/');
          expect((await request.get('${site.files}')).status()).toBe(401);
          await page.goto('${site.files}').catch(() => undefined);
          await expect(page.getByRole('heading', { name: 'Welcome' })).toBeHidden();
        });
        test('another session', async ({ authSessions }) => {
          const page = await authSessions.newPage('partner');
          await isWelcome(page, page.request, '/');
        });
      });
      test.describe('several', () => {
        test.use({ authSession: 'both' });
        test('each at its origin', async ({ page, request }) => {
          await isWelcome(page, request, '/');
          await isWelcome(page, request, '${site.files}');
        });
      });
      test.describe('certificates', () => {
        test.use({ authSession: 'partner' });
        test('the partner', async ({ page, request }) => isWelcome(page, request, '/'));
      });
      test.describe('an archive', () => {
        test.use({ authSession: 'archive' });
        test('the partner', async ({ page, request }) => isWelcome(page, request, '/'));
      });`,
  };
}
