import { browserUse, createNestedProject, type NestedProject } from '../nested-run.js';
import type { Canaries } from './canaries.js';
import { carelessMailFlow } from './careless-mail-suite.js';

export interface CarelessProjectOptions {
  readonly siteUrl: string;
  readonly canaries: Canaries;
  readonly suite: string;
  /** Further suites by name. */
  readonly more?: Readonly<Record<string, string>>;
  /** What the config says besides: source text. */
  readonly config?: string;
  /** What the sessions file says besides: source text. */
  readonly options?: string;
}

/** The careless suite, signed in by this package. */
export async function createGuardedProject(options: CarelessProjectOptions): Promise<NestedProject> {
  const { canaries, siteUrl } = options;
  const kinds = Object.keys(canaries.passwords);
  const byMail = (name: string) => `${name}: { flow: ${name}, createAttempts: 1, mailbox,
    parameters: { username: 'op://canaries/quotes/username' } },`;
  const session = (kind: string) => `${kind}: { flow, parameters: {
    username: 'op://canaries/${kind}/username', password: 'op://canaries/${kind}/password',
    key: 'op://canaries/${kind}/key', otp: 'op://canaries/${kind}/one-time password?attribute=otp' } },`;
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', ${configOf(options)}));`,
    'flow.ts': `import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        async create({ page, context, credentials, totp }) {
          await page.goto('/sign-in');
          await page.getByLabel('Email').fill(credentials.username);
          await page.getByLabel('Password').fill(credentials.password);
          await page.getByLabel('Code').fill(await totp());
          await page.getByRole('button', { name: 'Sign in' }).click();
          await page.getByText('Signed in').waitFor();
          const passkey = await (await context.request.get('/passkey')).json();
          await context.credentials.create('localhost', passkey);
        },
      });`,
    'mail.ts': carelessMailFlow('signs in'),
    'unwelcome.ts': carelessMailFlow('throws'),
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      import flow from './flow.js';
      import mail from './mail.js';
      import unwelcome from './unwelcome.js';
      const mailbox = { address: 'mail@canaries.example', open() {
        let lists = 0;
        return {
          list: async () => (lists++ === 0 ? [] : ['code', 'link']),
          read: async (id) => (await fetch('${siteUrl}/mail/' + id)).text(),
        };
      } };
      export default defineAuthSessions({
        codes: { minRemainingSeconds: 1 },
        ${options.options ?? ''}
        sessions: { ${kinds.map(session).join('\n')} ${byMail('mail')} ${byMail('unwelcome')} },
      });`,
    '.env.auth-sessions': kinds.flatMap((kind) => localLines(kind, canaries)).join('\n'),
    'tests/identity.ts': `
      import { test as base, expect } from '@auth';
      export { expect };
      export const kinds = ${JSON.stringify(kinds)};
      export const test = base.extend({
        authSession: 'quotes',
        identity: async ({ credentials }, use) => {
          await use(async (kind) => {
            const { username, password, key, totp } = await credentials(kind);
            return { username, password, key, code: totp };
          });
        },
      });`,
    ...suitesOf(options),
  });
}

/** The same suite by itself: its secrets are in a file, and each test signs in as it likes. */
export async function createUnguardedProject(options: CarelessProjectOptions): Promise<NestedProject> {
  const { canaries } = options;
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      export default defineConfig(${configOf(options)});`,
    'secrets.json': JSON.stringify(canaries),
    'tests/identity.ts': `
      import { readFileSync } from 'node:fs';
      import { generate } from 'otplib';
      import { test as base, expect } from '@playwright/test';
      export { expect };
      const secrets = JSON.parse(readFileSync('secrets.json', 'utf8'));
      export const kinds = Object.keys(secrets.passwords);
      export const test = base.extend({
        authSession: ['', { option: true }],
        context: async ({ context }, use) => {
          await context.credentials.create('localhost', secrets.passkey);
          await use(context);
        },
        identity: async ({}, use) => use(async (kind) => ({
          ...{ username: secrets.username, password: secrets.passwords[kind], key: secrets.key }, code: () => generate({ secret: secrets.seed }),
        })),
      });`,
    ...suitesOf(options),
  });
}

function suitesOf({ suite, more = {} }: CarelessProjectOptions): Record<string, string> {
  const files = Object.entries(more).map(([name, text]) => [`tests/${name}.spec.ts`, text]);
  return { 'tests/careless.spec.ts': suite, ...(Object.fromEntries(files) as Record<string, string>) };
}

function configOf({ siteUrl, config = '' }: CarelessProjectOptions): string {
  return `{
    testDir: './tests', outputDir: 'reports/output/test-results', workers: 2, fullyParallel: true, retries: 1,
    reporter: [
      ['list'], ['html', { outputFolder: 'reports/output/html', open: 'never' }],
      ['json', { outputFile: 'reports/output/report.json' }], ['junit', { outputFile: 'reports/output/junit.xml', onlyFailures: true }],
      ['allure-playwright', { resultsDir: 'reports/output/allure-results' }],
      ['blob', { outputDir: 'reports/output/blob' }], ['perfetto', { outputFile: 'reports/output/perfetto.json.gz' }],
    ],
    use: { baseURL: '${siteUrl}', launchOptions: ${browserUse()}, trace: 'on', screenshot: 'on' },
    ${config}
  }`;
}

function localLines(kind: string, { passwords, username, key, seed }: Canaries): string[] {
  const prefix = `CANARIES__${kind.toUpperCase()}__`;
  return [
    `${prefix}USERNAME='${kind === 'words' ? ordinaryName : username}'`,
    `${prefix}PASSWORD=\`${passwords[kind] ?? ''}\``,
    `${prefix}KEY='${key}'`,
    `${prefix}ONE_TIME_PASSWORD='otpauth://totp/Canaries:${kind}?secret=${seed}&period=3'`,
  ];
}

/** A word that Playwright's own viewers have in their code. */
const ordinaryName = 'operator';
