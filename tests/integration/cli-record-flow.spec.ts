import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { filesWith, leftovers, processesWith, startByHand, type ByHand } from '../support/by-hand.js';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { whyNoDisplay } from '../support/display.js';
import { repository } from '../support/nested-run.js';
import { recorderListens, signInByHand } from '../support/scripted-person.js';
import { quickAccounts } from '../support/signed-in-project.js';
import { createWindowBench, type WindowBench } from '../support/window-bench.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 240_000 });
const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);

let bench: WindowBench;
let site: WindowBench['site'];
let project: WindowBench['project'];
let display: WindowBench['display'];

test.beforeAll(async () => {
  bench = await createWindowBench({ mark: marker });
  ({ site, project, display } = bench);
  // The session names the flow that is about to be recorded.
  const sessions = await project.read('auth-sessions.ts');
  await project.write({
    '.prettierrc': '{ "printWidth": 120, "singleQuote": true }',
    'auth-sessions.ts': sessions.replace('flow: consultations', "flow: './auth-flows/admin.ts'"),
  });
});

test.afterAll(() => bench.close());

test('writes a flow without a value in it, and the flow signs in', async () => {
  const { command, person } = await recordFlow('admin', '--url', '/sign-in');
  const code = await signInByHand(await person.page(/sign-in/), admin, {
    ...{ by: 'Enter', isReady: recorderListens },
  });
  command.type('');
  const { exitCode, stdout, stderr } = await command.ended;
  await person.leave();
  expect(stderr).toContain('Sign in as "admin" in the window');
  expect(stdout).toContain('✓ auth-flows/admin.ts written.');
  expect(exitCode).toBe(0);
  const flow = await project.read('auth-flows/admin.ts');
  expect(flow).toContain("await page.goto('/sign-in');");
  expect(flow).toContain("await page.getByRole('textbox', { name: 'Email' }).fill(credentials.username);");
  expect(flow).toContain("await page.getByRole('textbox', { name: 'Password' }).fill(credentials.password);");
  expect(flow).toContain("await page.getByRole('textbox', { name: 'One-time code' }).fill(await totp());");
  expect(flow).toContain('await page.waitForURL(');
  const secrets = [admin.password, admin.email, code];
  for (const text of [stdout, stderr]) for (const secret of secrets) expect(text).not.toContain(secret);
  expect(await filesWith(project, secrets)).toEqual([]);
  expect(compilerErrors(path.join(project.folder, 'auth-flows/admin.ts'))).toEqual([]);
  expect(flow).toContain(".press('Enter');");
  expect(flow).not.toContain("name: 'Continue'");
  const before = { signIns: site.signIns(admin.email), attempts: site.attempts(admin.email) };
  const created = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(created.stdout).toMatch(/✓ {2}admin {2}created/);
  expect(site.signIns(admin.email)).toBe(before.signIns + 1);
  expect(site.attempts(admin.email)).toBe(before.attempts + 1);
});

test('overwrites no existing flow', async () => {
  const before = await project.read('auth-flows/admin.ts');
  const { exitCode, stderr } = await runInProcess(['record-flow', 'admin'], {
    folder: project.folder,
    env: { DISPLAY: display.name },
  });
  expect(stderr).toContain('The flow of "admin" already exists');
  expect(exitCode).toBe(2);
  expect(await project.read('auth-flows/admin.ts')).toBe(before);
});

test('asks which base URL to use, and shows no user and password', async () => {
  await project.write({
    'several.config.ts': `import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      const at = (host: string) => ({ name: host, use: { baseURL: 'https://stage:knock@' + host } });
      export default defineConfig(
        withAuthSessions('./auth-sessions.ts', { projects: [at('one.example'), at('two.example')] }),
      );`,
  });
  const { exitCode, stderr } = await runInProcess(['record-flow', 'guest', '--config', 'several.config.ts'], {
    folder: project.folder,
    env: { DISPLAY: display.name },
  });
  expect(stderr).toContain('They are https://one.example, https://two.example.');
  expect(stderr).not.toContain('knock');
  expect(exitCode).toBe(2);
});

test('says what to declare for an undeclared session', async () => {
  const { command, person } = await recordFlow('guest', '--url', '/sign-in');
  await signInByHand(await person.page(/sign-in/), customer, { isReady: recorderListens });
  await person.closeWindow();
  const { exitCode, stdout, stderr } = await command.ended;
  await person.leave();
  expect(stdout + stderr).not.toContain(customer.password);
  expect(stdout).toContain(`
  guest: {
    flow: './auth-flows/guest.ts',
    parameters: {
      username: 'op://automation/guest/username',
      password: 'op://automation/guest/password',
      otp: 'op://automation/guest/one-time password?attribute=otp',
    },
  },`);
  expect(exitCode).toBe(0);
  expect(await filesWith(project, [customer.password])).toEqual([]);
  expect(await project.read('auth-flows/guest.ts')).toContain('.fill(credentials.username)');
});

test('Ctrl-C writes no flow, and leaves no browser and no file', async () => {
  const before = await leftovers(project);
  const { command, person } = await recordFlow('nobody', '--url', '/sign-in');
  const page = await person.page(/sign-in/);
  await page.getByLabel('Password').click();
  await page.keyboard.type(admin.password);
  command.process.kill('SIGINT');
  const { exitCode, stdout } = await command.ended;
  await person.leave();
  expect([exitCode, stdout]).toEqual([130, '']);
  await expect(stat(path.join(project.folder, 'auth-flows/nobody.ts'))).rejects.toThrow('ENOENT');
  await expect.poll(() => processesWith(marker)).toBe(0);
  await expect.poll(() => leftovers(project)).toEqual(before);
});

test('codegen shows the code generator in a signed-in browser, and leaves no file', async () => {
  const before = await leftovers(project);
  const { command, person } = await startByHand(['codegen', 'admin', '/bookings'], {
    ...{ project, display, env: { AUTH_SESSIONS_KEY: testStoreKey } },
  });
  await command.waitFor(/Signed in as admin\. Use it in a test: test\.use\(\{ authSession: 'admin' \}\)/);
  const page = await person.page(new RegExp(`^${site.url}`));
  const me = await page.evaluate(() => fetch('/api/me').then((answer) => answer.text()));
  expect(JSON.parse(me)).toMatchObject({ email: admin.email });
  await person.closeWindow();
  expect(await command.ended).toMatchObject({ exitCode: 0, stdout: '' });
  await person.leave();
  await expect.poll(() => processesWith(marker)).toBe(0);
  await expect.poll(() => leftovers(project)).toEqual(before);
});

const marker = `--marked-by-cli-record-flow-${process.pid}`;

function recordFlow(...args: string[]): Promise<ByHand> {
  return startByHand(['record-flow', ...args], { project, display });
}

/** Of the strict compiler. */
function compilerErrors(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [path.join(repository, 'node_modules/@types')],
    types: ['node'],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter((one) => one.file?.fileName === file)
    .map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
}
