import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { browserUse, createNestedProject } from '../support/nested-run.js';

test.describe.configure({ timeout: 300_000 });

test('a test that sets a storage state beside its session fails at its line, and another choice is allowed', async () => {
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = await createNestedProject({
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', { testDir: './tests', workers: 1, fullyParallel: true,
        reporter: [['list']], use: { baseURL: '${baseURL}', authSession: 'admin', launchOptions: ${browserUse()} } }));`,
    'auth-sessions.ts': `import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ parameters: ['password'], async create({ request, baseURL }) {
        await request.get(baseURL + '/');
        return { headers: { 'x-session': 'someone signed in' } };
      } });
      export default defineAuthSessions({ sessions: { admin: { flow, parameters: { password: 'op://qa/account/password' } } } });`,
    '.env.auth-sessions': 'QA__ACCOUNT__PASSWORD="never-written-here"',
    'tests/states.spec.ts': `import { expect, test } from '@auth';
      const state = { cookies: [], origins: [] };
      test('has a session', ({ request }) => {});
      test.describe('other', () => {
        test.use({ storageState: state });
        test('replaces it', ({ request }) => {});
        test('replaces it on a page', ({ page }) => {});
        test.describe('and nobody', () => {
          test.use({ authSession: null });
          test('starts from the state', ({ page }) => {});
        });
      });
      test.describe('undefined', () => {
        test.use({ storageState: undefined });
        test('replaces it by nothing', ({ request }) => {});
      });
      const derived = test.extend({ storageState: async ({ storageState }, use) => use({ ...storageState }) });
      derived('adds to it', ({ request }) => {});`,
  });
  try {
    const { output, exitCode } = await project.run();
    const marks = [...output.matchAll(/^ +([✓✘]) .* › (.*) \(/gm)].map(
      ([, mark, title]) => `${mark} ${title}`,
    );
    expect(marks.toSorted(), output).toEqual(
      [
        '✓ has a session',
        '✘ replaces it',
        '✘ replaces it on a page',
        '✓ starts from the state',
        '✘ replaces it by nothing',
        '✓ adds to it',
      ].toSorted(),
    );
    expect(exitCode).toBe(1);
    expect(output).toContain('This test has session "admin", and sets storageState, or a fixture does.');
    // The line that editors and reports show.
    expect(output).toMatch(/> +6 \|.*replaces it/);
  } finally {
    await project.remove();
    await new Promise((resolve) => server.close(resolve));
  }
});
