import { expect, test } from '@playwright/test';
import { createEndingSite, endingFlow, type EndingSite } from '../support/ending-site.js';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ timeout: 300_000 });

const endsOfEach = 5;

/** A session ends at most once in this many requests, so that a test never meets two ends in a row. */
const requestsPerEnd = 16;

for (const retryStrategy of ['immediate', 'isolated'] as const)
  test(`200 tests whose sessions end five times each pass with one retry, run ${retryStrategy}`, async () => {
    const random = seeded(retryStrategy.length);
    const plan = { admin: endsBy(random), customer: endsBy(random) };
    const site = await createEndingSite(plan);
    const project = await projectFor(site, retryStrategy);
    try {
      const run = await project.run();
      const planned = `the sessions ended at ${JSON.stringify(plan)}`;
      expect(run.exitCode, `${planned}\n${run.output}`).toBe(0);
      const counted = /^ {2}(\d+) flaky[^]*^ {2}(\d+) passed/m.exec(run.output);
      expect(Number(counted?.[1]) + Number(counted?.[2]), run.output).toBe(200);
      expect(Object.fromEntries(site.ends), planned).toEqual({ admin: endsOfEach, customer: endsOfEach });
      expect(Object.fromEntries(site.signIns), planned).toEqual({
        admin: endsOfEach + 1,
        customer: endsOfEach + 1,
        steady: 1,
      });
      expect(run.output.split('\n').filter((line) => /^ *(✘|x) .* steady /.test(line))).toEqual([]);
      // Nobody watches requests: the check after the failed test found it.
      const found = [...run.output.matchAll(/Session "(\w+)" was signed out[^\n]*\n *Its check says/g)];
      const sessions = found.map(([, session]) => session);
      expect(sessions, run.output).toContain('admin');
      expect(sessions).not.toContain('steady');
    } finally {
      await project.remove();
      await site.close();
    }
  });

function endsBy(random: () => number): number[] {
  const margin = requestsPerEnd / 4;
  return Array.from({ length: endsOfEach }, (_, index) =>
    Math.floor(index * requestsPerEnd + margin + random() * 2 * margin),
  );
}

/** Numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Most tests only send requests. One of admin's fails once for another reason. */
function projectFor({ url }: EndingSite, retryStrategy: string): Promise<NestedProject> {
  return createNestedProject({
    'package.json': '{ "type": "module", "name": "ending" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, retries: 1, maxFailures: 40, retryStrategy: '${retryStrategy}', reporter: [['list']],
        use: { baseURL: ${JSON.stringify(url)}, launchOptions: ${browserUse()} },
      }));`,
    'auth-sessions.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      import flow from './flow.js';
      const watched = defineAuthFlow({ ...flow, signedOut: ({ status }) => status === 401 });
      const parameters = (name: string) => ({ password: \`op://qa/\${name}/password\` });
      export default defineAuthSessions({ sessions: {
        admin: { flow, parameters: parameters('admin') },
        customer: { flow: watched, parameters: parameters('customer') },
        steady: { flow, parameters: parameters('steady') },
      } });`,
    'flow.ts': endingFlow,
    '.env.auth-sessions': ['admin', 'customer', 'steady']
      .map((name) => `QA__${name.toUpperCase()}__PASSWORD=password-of-${name}`)
      .join('\n'),
    'tests/ending.spec.ts': `
      import { expect, test } from '@auth';
      for (let number = 1; number <= 200; number += 1) {
        const session = number % 10 === 0 ? 'steady' : number % 2 === 0 ? 'admin' : 'customer';
        test.describe(() => {
          test.use({ authSession: session });
          if (number % 50 === 1)
            test(\`\${session} on page \${number}\`, async ({ page }) => {
              await page.goto('/');
              await expect(page.getByRole('status')).toHaveText(session, { timeout: 500 });
            });
          else
            test(\`\${session} by request \${number}\`, async ({ request }, testInfo) => {
              expect(await (await request.get('/')).text()).toContain('>' + session + '<');
              if (number === 12) expect(testInfo.retry).toBe(1);
            });
        });
      }`,
  });
}
