import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { createConsultationsSite } from '../support/consultations/index.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

test.describe.configure({ timeout: 300_000 });

test('in UI mode, two runs of one broker sign in once', async ({ page }) => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 2, { pages: 2 })}
        import { appendFileSync } from 'node:fs';
        test.afterEach(() => appendFileSync('ran.txt', '.'));`,
    },
  });
  const run = project.start(['--ui-host=127.0.0.1', '--ui-port=0']);
  try {
    await run.waitFor(/Listening on http/);
    const url = /Listening on (http\S+)/.exec(run.output())?.[1] ?? '';
    await page.goto(url);
    for (const testsSoFar of [2, 4]) {
      await page.getByRole('button', { name: 'Run all' }).click();
      await expect.poll(() => countOf(project, 'ran.txt'), { timeout: 60_000 }).toBe(testsSoFar);
      await expect(page.getByTestId('status-line')).toContainText('2 passed');
    }
    expect(site.signIns(quickAccounts.admin.email)).toBe(1);
  } finally {
    run.process.kill('SIGINT');
    await run.ended;
    await project.remove();
    await site.close();
  }
});

async function countOf(project: NestedProject, file: string): Promise<number> {
  return project.read(file).then(
    (text) => text.length,
    () => 0,
  );
}

test('an editor that sets up again has a broker for every run, and a leak check for every teardown', async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': `import { writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('is signed in', async ({ context, credentials }) => {
          expect((await context.cookies()).length).toBeGreaterThan(0);
          writeFileSync('reports/output/left.txt', [...(await credentials('admin')).password].join(''));
        });`,
    },
    files: {
      'editor.mjs': `${editor}
        for (let setup = 1; setup <= 2; setup += 1) {
          await runner.runGlobalSetup([]);
          for (let run = 1; run <= 2; run += 1)
            console.log('setup', setup, 'run', run, (await runner.runTests({}, {})).status);
          await runner.runGlobalTeardown();
        }`,
    },
  });
  try {
    const { stdout, stderr } = await project.run([], { script: 'editor.mjs' });
    expect(stdout.match(/setup \d run \d passed/g)).toHaveLength(4);
    expect(stderr.match(/because it leaked secrets/g)).toHaveLength(2);
  } finally {
    await project.remove();
    await site.close();
  }
});

test('in an editor, the next run uses edited flows, sessions and local credentials, without a restart', async () => {
  const site = await createHeaderSite();
  const sessions = (names: readonly string[]) => `import { defineAuthSessions } from '@auth';
    import flow from './flow.js';
    const parameters = { password: 'op://qa/account/password' };
    export default defineAuthSessions({ sessions: { ${names.map((name) => `${name}: { flow, parameters }`).join(', ')} } });`;
  const flow = (text: string) => `import { defineAuthFlow } from '@auth';
    import { greeting } from './steps.js';
    export default defineAuthFlow({ parameters: ['password'], async create({ request, baseURL, credentials }) {
      await request.get(baseURL + '/sign-in');
      ${text}
      return { headers: { 'x-session': greeting + ' ' + credentials.password } };
    } });`;
  const asks = (name: string) => `import { test } from '@auth';
    test.use({ authSession: '${name}' });
    test('asks', async ({ request }) => { await request.get('/page'); });`;
  const project = await createNestedProject({
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list']], use: { baseURL: ${JSON.stringify(site.url)} } }));`,
    'auth-sessions.ts': sessions(['admin']),
    'flow.ts': flow(''),
    'steps.ts': "export const greeting = 'first';",
    '.env.auth-sessions': 'QA__ACCOUNT__PASSWORD="edited-one"',
    'tests/admin.spec.ts': asks('admin'),
    'editor.mjs': `${editor}
      import { renameSync } from 'node:fs';
      const edits = {};
      await runner.runGlobalSetup([]);
      for (const edit of [[], [], ['steps.ts'], ['.env.auth-sessions', 'flow.ts'], ['auth-sessions.ts', 'tests/customer.spec.ts'], ['flow.ts'], ['flow.ts']]) {
        for (const file of edit) renameSync(file + '.' + (edits[file] = (edits[file] ?? 0) + 1), file);
        const { status } = await runner.runTests({ onError: (error) => console.log(error.message) }, {});
        console.log('run of', edit.join() || 'nothing', status);
      }
      await runner.runGlobalTeardown();`,
    'steps.ts.1': "export const greeting = 'second';",
    '.env.auth-sessions.1': 'QA__ACCOUNT__PASSWORD="edited-two"',
    'flow.ts.1': flow("await request.get(baseURL + '/edited');"),
    'auth-sessions.ts.1': sessions(['admin', 'customer']),
    'tests/customer.spec.ts.1': asks('customer').replaceAll('@auth', 'playwright-auth-sessions'),
    'flow.ts.2': 'export default {',
    'flow.ts.3': flow('// fixed'),
  });
  try {
    const { output, stdout } = await project.run([], { script: 'editor.mjs' });
    expect(stdout.match(/run of .*/g), output).toEqual([
      'run of nothing passed',
      'run of nothing passed',
      'run of steps.ts passed',
      'run of .env.auth-sessions,flow.ts passed',
      'run of auth-sessions.ts,tests/customer.spec.ts passed',
      'run of flow.ts failed',
      'run of flow.ts passed',
    ]);
    expect(output).toContain('ERR_SESSIONS_FILE_BROKEN');
    expect(site.seen).toEqual([
      ...['/sign-in', '/page first edited-one', '/page first edited-one'],
      ...['/sign-in', '/page second edited-one'],
      ...['/sign-in', '/edited', '/page second edited-two'],
      ...['/page second edited-two', '/sign-in', '/edited', '/page second edited-two'],
      ...['/sign-in', '/page second edited-two', '/sign-in', '/page second edited-two'],
    ]);
    expect((await project.summary()).totals).toMatchObject({ handedOut: 8 });
  } finally {
    await project.remove();
    await site.close();
  }
});

/** What an editor does, by the class that it asks over its socket. */
const editor = `
  import { createRequire } from 'node:module';
  const require = createRequire(import.meta.url);
  const playwright = createRequire(require.resolve('@playwright/test/package.json'));
  const { testRunner } = playwright(playwright.resolve('playwright/package.json').replace('package.json', 'lib/runner'));
  const runner = new testRunner.TestRunner({ configDir: process.cwd(), resolvedConfigFile: process.cwd() + '/playwright.config.ts' }, {});
  await runner.initialize({});`;

/** Records each request, with the session's header. */
async function createHeaderSite() {
  const seen: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    seen.push([url, headers['x-session']].filter(Boolean).join(' '));
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
