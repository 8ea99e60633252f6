import { createConsultationsSite, demoAccounts, type Account } from '../support/consultations/index.js';
import { browserUse, createNestedProject, keptCode, type NestedProject } from '../support/nested-run.js';
import { createOnePasswordServer, login } from '../support/onepassword/index.js';
import { anotherAccount, createSignedInProject } from '../support/signed-in-project.js';
import { childrenCpuMs, watchMemory } from './process-tree.js';

/** The same tests of the consultations site, signed in in several ways. */
export interface ConsultationsSuite {
  run(way: Way, options: { readonly tests: number; readonly round: number }): Promise<MeasuredRun>;
  close(): Promise<void>;
}

/**
 * `each`: every test signs in by the page. `setup`: Playwright's setup project. `file`: its tests alone, with the state
 * file of an earlier run. `globalSetup`: signs in with what @1password/sdk reads. `cold`, `warm`: this package, with an
 * empty and a filled store.
 */
export type Way = 'each' | 'setup' | 'file' | 'globalSetup' | 'cold' | 'warm';

export interface MeasuredRun {
  readonly wallMs: number;
  /** Of every process of the run. The site and the vault are in another one. */
  readonly cpuMs: number;
  readonly signIns: number;
  readonly vaultRequests: number;
  /** The largest process of each kind, in MB. */
  readonly peakMB: Readonly<Record<keyof typeof processKinds, number>>;
}

export interface SuiteOptions {
  readonly workers: number;
  readonly maxTests: number;
  /** Rounds are numbered from 0. */
  readonly maxRounds: number;
}

const processKinds = {
  runner: /@playwright\/test\/cli\.js test/,
  worker: /playwright\/lib\/\S*(?:process|worker)\S*\.js/i,
  broker: /dist\/src\/broker\/main\.js/,
};

export async function createConsultationsSuite(options: SuiteOptions): Promise<ConsultationsSuite> {
  const accounts = accountsFor(options);
  const site = await createConsultationsSite({
    accounts: Object.values(accounts),
    signInAttemptsPerMinute: 100_000,
  });
  const vault = await createOnePasswordServer();
  const automation = vault.addAccount({ name: 'acme' });
  const shared = automation.addVault({ title: 'automation' });
  for (const [name, { email, password, totp }] of Object.entries(accounts))
    if (!name.startsWith('each'))
      shared.addItem(login({ title: name, username: email, password, totp: uriOf(totp) }));
  const { token } = automation.addServiceAccount({ vaults: [{ vault: shared }] });
  const ours = await createOwnProject(site.url, options);
  const bare = await createBareProject(site.url, { accounts, ...options });

  async function run(way: Way, { tests, round }: { readonly tests: number; readonly round: number }) {
    const project = way === 'cold' || way === 'warm' ? ours : bare;
    const account = way === 'warm' || way === 'file' ? way : `${way}-${round}`;
    const env = {
      ...asUsers,
      TESTS: String(tests),
      ACCOUNT: account,
      ...(way !== 'setup' && way !== 'each' && { OP_SERVICE_ACCOUNT_TOKEN: token }),
    };
    vault.resetCounts();
    const signInsBefore = allSignIns();
    const stopWatching = watchMemory(processKinds);
    const cpuBeforeMs = childrenCpuMs();
    const startMs = performance.now();
    const { exitCode, output } = await project.run(argumentsOf[way], { env });
    const wallMs = performance.now() - startMs;
    const peakMB = stopWatching() as MeasuredRun['peakMB'];
    if (exitCode !== 0) throw new Error(`"${way}" failed:\n${output}`);
    return {
      wallMs,
      cpuMs: childrenCpuMs() - cpuBeforeMs,
      signIns: allSignIns() - signInsBefore,
      vaultRequests: vault.count(),
      peakMB,
    };
  }

  function allSignIns(): number {
    return Object.values(accounts).reduce((sum, { email }) => sum + site.signIns(email), 0);
  }

  return {
    run,
    async close() {
      await ours.remove();
      await bare.remove();
      await vault.close();
      await site.close();
    },
  };
}

/** A user's run has no code that other nested runs kept. */
const asUsers = Object.fromEntries(Object.keys(keptCode).map((name) => [name, undefined]));

const argumentsOf: Readonly<Record<Way, readonly string[]>> = {
  each: ['--project=each'],
  setup: ['--project=tests'],
  file: ['--project=tests', '--no-deps'],
  globalSetup: ['-c', 'global.config.ts'],
  cold: [],
  warm: [],
};

/** An account for every sign-in, so that nobody waits for another code; codes live long enough for every way. */
function accountsFor({ maxTests, maxRounds }: SuiteOptions): Record<string, Account> {
  const rounds = Array.from({ length: maxRounds }, (_, round) => round);
  const names = [
    'warm',
    'file',
    ...rounds.flatMap((round) => [
      `setup-${round}`,
      `globalSetup-${round}`,
      `cold-${round}`,
      ...Array.from({ length: maxTests }, (_, test) => `each-${round}-${test + 1}`),
    ]),
  ];
  const { admin } = demoAccounts;
  const patient = { ...admin, totp: { ...admin.totp, periodSeconds } };
  return Object.fromEntries(names.map((name) => [name, anotherAccount(patient, name.toLowerCase())]));
}

const periodSeconds = 300;

function uriOf({ secret, algorithm, digits }: Account['totp']): string {
  return `otpauth://totp/x?secret=${secret}&algorithm=${algorithm.toUpperCase()}&digits=${digits}&period=${periodSeconds}`;
}

const signedInTest = `
  for (let number = 1; number <= Number(process.env.TESTS); number += 1)
    test(\`is signed in \${number}\`, async ({ page }) => {
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    });`;

async function createOwnProject(siteUrl: string, { workers }: SuiteOptions): Promise<NestedProject> {
  return createSignedInProject({
    siteUrl,
    config: `workers: ${workers},`,
    tests: {
      'signed-in.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        ${signedInTest}`,
    },
    files: {
      '.env.auth-sessions': '',
      'auth-sessions.ts': `
        import { defineAuthSessions } from '@auth';
        import consultations from './consultations.js';
        const item = 'op://automation/' + process.env.ACCOUNT;
        export default defineAuthSessions({
          sessions: {
            admin: {
              flow: consultations,
              parameters: {
                username: item + '/username', password: item + '/password',
                otp: item + '/one-time password?attribute=otp',
              },
              totp: { periodSeconds: ${periodSeconds} },
            },
          },
        });`,
    },
  });
}

interface BareProjectOptions extends SuiteOptions {
  readonly accounts: Readonly<Record<string, Account>>;
}

/** As Playwright's and 1Password's documentation have it. */
async function createBareProject(
  siteUrl: string,
  { workers, accounts }: BareProjectOptions,
): Promise<NestedProject> {
  const shared = `
    testDir: 'tests', workers: ${workers}, fullyParallel: true, reporter: [['list']],
    outputDir: 'reports/output/test-results',`;
  const use = `baseURL: ${JSON.stringify(siteUrl)}, launchOptions: ${browserUse()},`;
  const project = await createNestedProject({
    'accounts.json': JSON.stringify(accounts),
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        ${shared}
        use: { ${use} },
        projects: [
          { name: 'setup', testMatch: 'auth.setup.ts' },
          { name: 'tests', testMatch: 'signed-in.spec.ts', dependencies: ['setup'], use: { storageState: 'state.json' } },
          { name: 'each', testMatch: 'each.spec.ts' },
        ],
      });`,
    'global.config.ts': `
      import { defineConfig } from '@playwright/test';
      export default defineConfig({
        ${shared}
        globalSetup: './global-setup.ts', testMatch: 'signed-in.spec.ts',
        use: { ${use} storageState: 'state-of-global-setup.json' },
      });`,
    'global-setup.ts': `
      import { createClient } from '@1password/sdk';
      import { chromium } from '@playwright/test';
      import { signIn } from './sign-in.js';
      export default async function globalSetup(config) {
        const client = await createClient({
          auth: process.env.OP_SERVICE_ACCOUNT_TOKEN, integrationName: 'suite', integrationVersion: '1.0.0',
        });
        const read = (field) => client.secrets.resolve('op://automation/' + process.env.ACCOUNT + '/' + field);
        const { baseURL, launchOptions } = config.projects[0].use;
        const browser = await chromium.launch(launchOptions);
        const page = await browser.newPage({ baseURL });
        await signIn(page, {
          email: await read('username'), password: await read('password'),
          code: () => read('one-time password?attribute=otp'),
        });
        await page.context().storageState({ path: 'state-of-global-setup.json' });
        await browser.close();
      }`,
    'sign-in.ts': `
      import { readFileSync } from 'node:fs';
      import { generate } from 'otplib';
      export async function signIn(page, { email, password, code }) {
        await page.goto('/sign-in');
        await page.getByLabel('Email').fill(email);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByLabel('One-time code').fill(await code());
        await page.getByRole('button', { name: 'Verify' }).click();
        await page.getByRole('button', { name: 'Sign out' }).waitFor();
      }
      const accounts = JSON.parse(readFileSync('accounts.json', 'utf8'));
      export function accountNamed(name) {
        const { email, password, totp } = accounts[name];
        return { email, password, code: () => generate({ secret: totp.secret, period: ${periodSeconds} }) };
      }`,
    'tests/signed-in.spec.ts': `import { expect, test } from '@playwright/test';
      ${signedInTest}`,
    'tests/each.spec.ts': `import { expect, test } from '@playwright/test';
      import { accountNamed, signIn } from '../sign-in.js';
      for (let number = 1; number <= Number(process.env.TESTS); number += 1)
        test(\`signs in \${number}\`, async ({ page }) => {
          await signIn(page, accountNamed(process.env.ACCOUNT + '-' + number));
          await page.goto('/');
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        });`,
    'tests/auth.setup.ts': `
      import { test as setup } from '@playwright/test';
      import { accountNamed, signIn } from '../sign-in.js';
      setup('signs in', async ({ page }) => {
        await signIn(page, accountNamed(process.env.ACCOUNT));
        await page.context().storageState({ path: 'state.json' });
      });`,
  });
  return project;
}
