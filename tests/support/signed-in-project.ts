import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { demoAccounts, type Account } from './consultations/index.js';
import { browserUse, createNestedProject, repository, type NestedProject } from './nested-run.js';

export interface SignedInProjectOptions {
  readonly siteUrl: string;
  /** Test files by name, below `tests`; they import `@auth`. */
  readonly tests: Readonly<Record<string, string>>;
  /** What the sessions file says besides the three demo sessions, and of each of them: source text. */
  readonly options?: string;
  readonly sessionOptions?: string;
  /** Whether sessions name a login, and not its fields. [false] */
  readonly byLogin?: boolean;
  /** Further sessions, or whole other ones in their place: source text. */
  readonly moreSessions?: string;
  /** What the Playwright config says besides: source text. */
  readonly config?: string;
  readonly use?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Whose credentials the project has, by name. [quickAccounts] */
  readonly accounts?: Readonly<Record<string, Account>>;
}

/** The demo accounts with codes that live four seconds, so that a test that needs two does not wait for a minute. */
export const quickAccounts = {
  admin: quick(demoAccounts.admin),
  customer: quick(demoAccounts.customer),
  newcomer: quick(demoAccounts.newcomer),
};

/**
 * A project whose sessions sign in to a consultations site, with this repository's own flow. Runs have one
 * worker, unless `config` or the run says more: each costs as much as the runner.
 */
export async function createSignedInProject(options: SignedInProjectOptions): Promise<NestedProject> {
  const { siteUrl, accounts = quickAccounts, sessionOptions = '', config = '', use = '' } = options;
  const { byLogin = false } = options;
  return createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, fullyParallel: true, reporter: [['list']],
        use: { baseURL: ${JSON.stringify(siteUrl)}, launchOptions: ${browserUse()}, ${use} },
        ${config}
      }));`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      import consultations from './consultations.js';
      export default defineAuthSessions({
        codes: { minRemainingSeconds: 1 },
        ${options.options ?? ''}
        sessions: {
          ${sessionOf('admin', { options: sessionOptions, byLogin })}
          ${sessionOf('customer', { options: sessionOptions, byLogin })}
          ${options.moreSessions ?? ''}
        },
      });`,
    'consultations.ts': await consultationsFlow(),
    '.env.auth-sessions': localCredentials(accounts),
    ...Object.fromEntries(Object.entries(options.tests).map(([name, text]) => [`tests/${name}`, text])),
    ...options.files,
  });
}

/** The declaration of a session that signs in with an account's credentials, by that account's name: source text. */
export function sessionOf(name: string, { account = name, options = '', byLogin = false } = {}): string {
  if (byLogin)
    return `${name}: { flow: consultations, login: 'op://automation/consultations-${account}', ${options} },`;
  return `${name}: {
    flow: consultations,
    parameters: {
      username: 'op://automation/consultations-${account}/username',
      password: 'op://automation/consultations-${account}/password',
      otp: 'op://automation/consultations-${account}/one-time password?attribute=otp',
    }, ${options}
  },`;
}

/**
 * This repository's own flow, as it stands in somebody's project: source text. A test may add statements that run when
 * the sign-in page is open, and when the account is signed in. Without its check, a restored state is stored as it was.
 */
export async function consultationsFlow({
  opened = '',
  signedIn = '',
  hasCheck = true,
} = {}): Promise<string> {
  const text = await readFile(path.join(repository, 'auth-flows/consultations.ts'), 'utf8');
  const [opening, end] = ["await page.goto('/sign-in');", '\n  },\n\n  async check('];
  const check = / {2}async check\([^]*?\n {2}\},\n\n/;
  if (!text.includes(opening) || !text.includes(end) || !check.test(text))
    throw new Error('The flow has other statements now.');
  return text
    .replace("'../fixtures/index.js'", "'@auth'")
    .replace(opening, () => `${opening} ${opened}`)
    .replace(end, () => `\n    ${signedIn}${end}`)
    .replace(hasCheck ? '' : check, '');
}

/** The lines of a local credentials file for these accounts. */
export function localCredentials(accounts: Readonly<Record<string, Account>>): string {
  return Object.entries(accounts)
    .flatMap(([name, { email, password, totp }]) => {
      const prefix = `AUTOMATION__CONSULTATIONS_${name.toUpperCase()}__`;
      const uri = `otpauth://totp/Site:${name}?secret=${totp.secret}&algorithm=${totp.algorithm.toUpperCase()}&digits=${totp.digits}&period=${totp.periodSeconds}`;
      return [
        `${prefix}USERNAME='${email}'`,
        `${prefix}PASSWORD='${password}'`,
        `${prefix}ONE_TIME_PASSWORD='${uri}'`,
      ];
    })
    .join('\n');
}

/**
 * A test file with this many tests, each of which sees who is signed in: the first ones on a page, as many as `pages`
 * says, and the others by a request. A worker whose tests open no page starts no browser.
 */
export function whoAmITests(session: string, count: number, { pages = 1, account = session } = {}): string {
  return `import { expect, test } from '@auth';
    test.use({ authSession: ${JSON.stringify(session)} });
    async function expectSession(request) {
      const me = await (await request.get('/api/me')).json();
      expect(me.email).toContain(${JSON.stringify(account)});
    }
    for (let number = 1; number <= ${Math.min(pages, count)}; number += 1)
      test(\`is ${session} \${number}\`, async ({ page }) => {
        await page.goto('/');
        await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        await expectSession(page.request);
      });
    for (let number = ${pages + 1}; number <= ${count}; number += 1)
      test(\`is ${session} \${number}\`, async ({ request }) => expectSession(request));`;
}

/** One more account like this one, with its own codes. */
export function anotherAccount(account: Account, name: string): Account {
  const letters = [...createHash('sha256').update(name).digest()].map((byte) => base32[byte % 32]);
  return {
    ...account,
    email: `${name}.${account.email}`,
    totp: { ...account.totp, secret: letters.join('') },
  };
}

function quick(account: Account): Account {
  return { ...account, totp: { ...account.totp, periodSeconds: 4 } };
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
