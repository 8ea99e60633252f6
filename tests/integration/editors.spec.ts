import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { listen, type Listening } from '../support/listen.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: Listening;
let project: NestedProject;
const signIns: string[] = [];
/** The site answers a sign-in when this resolves. */
let answering: Promise<unknown> = Promise.resolve();

const flow = (address: string) => `import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({ parameters: ['password'], async create({ request, baseURL, credentials }) {
    if (!(await request.get(baseURL + '${address}')).ok()) throw new Error('The site did not answer.');
    return { headers: { 'x-session': credentials.password } };
  } });`;
const asks = (session: string) => `test.describe(() => {
    test.use({ authSession: '${session}' });
    test('${session} asks', async ({ request }) => { await request.get('/page'); });
    test('${session} asks again', async ({ request }) => { await request.get('/page'); });
  });`;

test.beforeAll(async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/sign-in')) signIns.push(request.url);
    response.statusCode = request.url === '/sign-in-broken' ? 500 : 200;
    void answering.then(() => response.end('ok'));
  });
  site = await listen(server);
  project = await createNestedProject({
    '.gitignore': 'node_modules\nreports\nstate\n.auth-sessions\n.env.auth-sessions\n*.types.d.ts\n',
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 1, reporter: [['list']], use: { baseURL: ${JSON.stringify(site.url)} } }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      import admin from './admin-flow.js';
      import customer from './customer-flow.js';
      const parameters = { password: 'op://qa/account/password' };
      export default defineAuthSessions({ sessions: {
        admin: { flow: admin, parameters, createAttempts: 1 }, customer: { flow: customer, parameters },
      } });`,
    'admin-flow.ts': flow('/sign-in-admin'),
    'customer-flow.ts': flow('/sign-in-customer'),
    '.env.auth-sessions': 'QA__ACCOUNT__PASSWORD="of-the-account"',
    'tests/admin.spec.ts': `import { test } from '@auth'; ${asks('admin')}`,
    'tests/fixtures.ts': `import '../auth-sessions.js'; export { test } from '@auth';`,
    'tests/customer.spec.ts': `import { test } from './fixtures.js'; ${asks('customer')}`,
    'editor.mjs': editor,
  });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('an editor sees a sign-in begin as a step, and a changed flow of tests that import the sessions', async () => {
  let answer = (): void => undefined;
  answering = new Promise<void>((resolve) => (answer = resolve));
  const run = project.start([], { script: 'editor.mjs' });
  try {
    await run.waitFor(/"stepBegin Sign in"/);
    expect(run.output()).not.toMatch(/"stepEnd (Sign in|Created)"|testEnd/);
    answer();
    await run.waitFor(/"watching"/);
    await project.write({ 'customer-flow.ts': flow('/sign-in-edited') });
    await run.waitFor(/"ended"/);
  } finally {
    answer();
    await run.ended;
  }
  const seen = run
    .output()
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .map((line) => JSON.parse(line) as string);
  const own = seen.indexOf('stepBegin Auth session "admin"');
  expect(seen.slice(own, own + 6)).toEqual([
    'stepBegin Auth session "admin"',
    'stepBegin Sign in',
    'stepEnd Sign in',
    'stepBegin Created',
    'stepEnd Created',
    'stepEnd Auth session "admin"',
  ]);
  // Playwright follows the imports of tests: those of admin.spec.ts do not lead to a flow.
  expect(seen.filter((line) => line.startsWith('changed'))).toEqual(['changed customer.spec.ts']);
  expect(run.output()).not.toContain('of-the-account');
});

test('--last-failed after a failed sign-in runs the tests that waited for it, and signs in once', async () => {
  await project.write({ 'admin-flow.ts': flow('/sign-in-broken') });
  const failed = await project.run();
  expect(failed.output).toMatch(/2 failed[^]*2 passed/);
  await project.write({ 'admin-flow.ts': flow('/sign-in-fixed') });
  signIns.length = 0;
  const again = await project.run(['--last-failed', '--reporter=list,line'], {
    env: { PLAYWRIGHT_FORCE_TTY: '200' },
  });
  expect(again.output).toMatch(/Running 2 tests[^]*2 passed/);
  // On a terminal, the list and line reporters show the step that goes on.
  expect(again.output).toMatch(/\[\d\/2\] [^\n]*› Auth session "admin" › Sign in/);
  expect(again.output.split('› Auth session "admin" › Sign in').length).toBeGreaterThan(2);
  expect(signIns).toEqual(['/sign-in-fixed']);
});

test('--only-changed follows the imports of tests to the sessions and their flows', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: project.folder,
      stdio: 'pipe',
    });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'all');
  await project.write({ 'admin-flow.ts': `${flow('/sign-in-changed')}\n` });
  const changed = await project.run(['--only-changed', '--list']);
  expect(changed.output).toContain('Total: 2 tests in 1 file');
  expect(changed.output).not.toContain('admin.spec.ts');
  await project.write({ 'tests/admin.spec.ts': `import { test } from '@auth'; ${asks('admin')}\n\n` });
  git('checkout', '--quiet', 'admin-flow.ts');
  const spec = await project.run(['--only-changed', '--list']);
  expect(spec.output).toContain('Total: 2 tests in 1 file');
  expect(spec.output).toContain('admin.spec.ts');
});

/** What VS Code and UI mode send over their sockets, and what they get. */
const editor = `
  import { createRequire } from 'node:module';
  import path from 'node:path';
  const require = createRequire(import.meta.url);
  const playwright = createRequire(require.resolve('@playwright/test/package.json'));
  const { testServer } = playwright(playwright.resolve('playwright/package.json').replace('package.json', 'lib/runner'));
  const file = process.cwd() + '/playwright.config.ts';
  const { transport } = new testServer.TestServerDispatcher({ configDir: process.cwd(), resolvedConfigFile: file }, {});
  const say = (text) => process.stderr.write(JSON.stringify(text) + '\\n');
  const titles = new Map();
  let changed;
  const change = new Promise((resolve) => (changed = resolve));
  transport.sendEvent = (name, { method, params, testFiles } = {}) => {
    if (method === 'onStepBegin') {
      titles.set(params.step.id, params.step.title);
      say('stepBegin ' + params.step.title);
    }
    if (method === 'onStepEnd') say('stepEnd ' + titles.get(params.step.id));
    if (method === 'onTestEnd') say('testEnd');
    if (name === 'testFilesChanged') changed(testFiles);
  };
  const ask = (method, params = {}) => transport.dispatch(method, params);
  await ask('initialize', { interceptStdio: false });
  await ask('runGlobalSetup');
  await ask('listTests');
  await ask('runTests', { locations: ['admin.spec.ts'] });
  const fileNames = ['admin.spec.ts', 'customer.spec.ts'].map((name) => process.cwd() + '/tests/' + name);
  await ask('watch', { fileNames });
  say('watching');
  say('changed ' + (await change).map((one) => path.basename(one)).join());
  await ask('runGlobalTeardown');
  say('ended');
  process.exit(0);`;
