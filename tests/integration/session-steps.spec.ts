import { expect, test } from '@playwright/test';
import { createNestedProject, browserUse, type NestedProject } from '../support/nested-run.js';

interface SeenTest {
  readonly title: string;
  readonly steps: readonly string[];
  readonly message: string;
  readonly location: string;
  readonly attachments: number;
}

test.describe.configure({ timeout: 300_000 });

const flow = `import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineAuthFlow } from '@auth';
export default defineAuthFlow({
  parameters: [],
  async create({ context, signal }) {
    // Ends when the reporter has seen that it goes on.
    while (!existsSync('sign-in-shown.txt')) await setTimeout(20, undefined, { signal });
    await context.addCookies([{ name: 'a', value: 'bcdefghijklmnop', url: 'https://shop.example' }]);
  },
  check: async ({ request }) => (await request.storageState()).cookies.length > 0,
});
export const broken = defineAuthFlow({
  parameters: [],
  async create({ context }) {
    throw new Error('The button is gone.');
  },
});
export const named = defineAuthFlow({
  async create({ context }) {
    await context.addCookies([{ name: 'a', value: 'qrstuvwxyzabcde', url: 'https://shop.example' }]);
  },
});
`;

const reporter = `import { writeFileSync } from 'node:fs';
import path from 'node:path';
export default class {
  seen = [];
  onStepBegin(_, __, { title }) {
    if (title === 'Sign in') writeFileSync('sign-in-shown.txt', '');
  }
  onTestEnd({ title }, { steps, errors, attachments }) {
    const titles = (all, depth) => all.flatMap((one) => [' '.repeat(depth) + one.title, ...titles(one.steps, depth + 1)]);
    const [{ message = '', location } = {}] = errors;
    this.seen.push({
      title, message, steps: titles(steps, 0), attachments: attachments.length,
      location: location ? path.basename(location.file) + ':' + location.line : '',
    });
  }
  onEnd() { writeFileSync('seen.json', JSON.stringify(this.seen)); }
}
`;

let project: NestedProject;
let seen: readonly SeenTest[];

test.beforeAll(async () => {
  project = await createNestedProject({
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: 'tests', workers: 1, reporter: [['./seen.mjs']],
        use: { baseURL: 'https://shop.example', launchOptions: ${browserUse()} },
      }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      import signIn, { broken, named } from './flow.js';
      export default defineAuthSessions({ sessions: {
        admin: { flow: signIn, parameters: {} },
        pool: { flow: named, accounts: 1, parameters: { username: 'op://qa/shopper-\${account}/username' } },
        coded: { flow: named, parameters: { username: 'op://qa/coded/username', otp: 'op://qa/coded/otp?attribute=otp' } },
        broken: { flow: broken, parameters: {}, createAttempts: 1 },
      } });`,
    'flow.ts': flow,
    'seen.mjs': reporter,
    '.env.auth-sessions':
      'QA__SHOPPER_1__USERNAME=eve\nQA__CODED__USERNAME=ada\nQA__CODED__OTP=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n',
    'tests/a.spec.ts': `import { test } from '@auth';
      test.describe(() => {
        test.use({ authSession: 'admin' });
        test('first', async ({ request }) => {});
        test('second', async ({ request }) => {});
      });
      test.describe(() => {
        test.use({ authSession: 'pool' });
        test('takes an account', async ({ request }) => {});
        test('has the account', async ({ request }) => {});
      });
      test('types a code', async ({ credentials }) => {
        await (await credentials('coded')).totp();
      });
      test.describe(() => {
        test.use({ authSession: 'broken' });
        test('fails', async ({ request }) => {});
        test('fails too', async ({ request }) => {});
      });`,
  });
  const { output } = await project.run();
  seen = JSON.parse(await project.read('seen.json').catch(() => `[] ${output}`)) as SeenTest[];
});

test.afterAll(() => project.remove());

const seenOf = (title: string) => seen.find((one) => one.title === title);

test('a test shows its session with the outcome as steps, and no fixture of an option', () => {
  const of = (title: string) =>
    (seenOf(title)?.steps ?? []).map((step) => step.replace(/\d+(\.\d+)? s/, '# s'));
  expect(of('first')).toEqual(expect.arrayContaining([' Auth session "admin"', '  Sign in', '  Created']));
  expect(of('second')).toEqual(expect.arrayContaining([' Auth session "admin"', '  Used again']));
  const fixtures = of('first').filter((step) => step.includes('Fixture'));
  // Playwright shows the option that a test sets.
  expect([...new Set(fixtures.map((step) => step.trim()))].sort()).toEqual([
    'Fixture "authSession"',
    'Fixture "request"',
  ]);
});

test('a test shows its sign-in while it lasts, also one that fails', () => {
  const steps = seenOf('first')?.steps ?? [];
  const own = steps.indexOf(' Auth session "admin"');
  expect(steps.slice(own, own + 3)).toEqual([' Auth session "admin"', '  Sign in', '  Created']);
  expect(seenOf('fails')?.steps).toEqual(expect.arrayContaining([' Auth session "broken"', '  Sign in']));
  expect(seenOf('fails too')?.steps.join()).not.toContain('Sign in');
});

test('a test shows its wait for an account and for a one-time code as steps', () => {
  const all = (title: string) => (seenOf(title)?.steps ?? []).map((step) => step.trim());
  expect(all('takes an account')).toContain('Wait for an account of "pool"');
  expect(all('has the account')).toContain('Auth session "pool"');
  expect(all('has the account').join()).not.toContain('Wait for');
  expect(all('first').join()).not.toContain('Wait for');
  expect(all('types a code')).toContain('One-time code of "coded"');
});

const advice = [
  'Fix the flow or the application. --headed shows the browser that signs in. For a trace, run:',
  '  npx playwright-auth-sessions renew broken --trace FILE [ERR_SIGN_IN_FAILED]',
];

test('a failed sign-in has lines for its parts and its page, and points at the line of its flow', () => {
  const failed = seenOf('fails');
  expect(failed?.message.split('\n')).toEqual([
    expect.stringMatching(/^AuthSessionsError: Session "broken": its sign-in failed\.$/),
    expect.stringMatching(/^The button is gone \(at .*flow\.ts:16:11\)\)\.$/),
    'The page was about:blank.',
    ...advice,
  ]);
  expect(failed?.location).toBe('flow.ts:16');
});

test('a later test refers to the first that had the failure', () => {
  const later = seenOf('fails too');
  expect(later?.message.split('\n')).toEqual([
    'AuthSessionsError: Session "broken": its sign-in failed.',
    'As in the first test that asked for it: a.spec.ts › fails.',
    ...advice,
  ]);
  expect(later?.attachments).toBe(0);
});
