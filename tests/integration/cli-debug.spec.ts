import { expect, test } from '@playwright/test';
import { findBrowser } from '../../src/browser/find-browser.js';
import { filesWith, leftovers, processesWith, startByHand } from '../support/by-hand.js';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { whyNoDisplay } from '../support/display.js';
import { freePort, personAt } from '../support/scripted-person.js';
import { consultationsFlow, quickAccounts } from '../support/signed-in-project.js';
import { createWindowBench, type WindowBench } from '../support/window-bench.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 180_000 });
const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);
test.skip(findBrowser()?.executablePath === undefined, "the inspector's browser cannot be reached");

let bench: WindowBench;
let site: WindowBench['site'];
let project: WindowBench['project'];
let display: WindowBench['display'];

test.beforeAll(async () => {
  bench = await createWindowBench({
    mark: marker,
    moreSessions: `
      lost: { flow: './lost.ts', parameters: {
        username: 'op://automation/consultations-customer/username',
        password: 'op://automation/consultations-customer/password',
        otp: 'op://automation/consultations-customer/one-time password?attribute=otp',
      } },
      asked: { flow: { create: async ({ request }) => { await request.get('/'); } }, parameters: {
        username: 'op://automation/consultations-customer/username',
      } },`,
    files: {
      'lost.ts': await consultationsFlow({
        opened: "await page.getByRole('button', { name: 'Missing' }).click({ timeout: 500 });",
      }),
    },
    browserScript: {
      file: 'browser.sh',
      text: browserWithInspector,
      executablePath: (_, script) => script,
    },
  });
  ({ site, project, display } = bench);
});

test.afterAll(() => bench.close());

test('create --debug pauses at each step of a flow, and stores the session', async () => {
  const { command, person, beside, inspector } = await startDebugging(['create', 'admin', '--debug']);
  await expect(inspector.locator('body')).toContainText('consultations.ts');
  await expect(inspector.locator('body')).toContainText('Navigate');
  expect(site.signIns(admin.email)).toBe(0);
  await inspector.getByTitle(/^Step over/).click();
  await expect(inspector.locator('body')).toContainText("getByLabel('Email')");
  await expect((await person.page(/sign-in/)).getByLabel('Email')).toHaveValue('');
  await inspector.getByTitle(/^Resume/).click();
  const { exitCode, stdout, stderr } = await command.ended;
  await Promise.all([beside.leave(), person.leave()]);
  expect(stdout).toMatch(/✓ {2}admin {2}created/);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("the inspector's log show what is typed, secrets too");
  expect(site.signIns(admin.email)).toBe(1);
  await expectNoValueLeft();
});

test('create --debug keeps the browser of a failed sign-in until Enter, after one attempt', async () => {
  const { command, person, beside, inspector } = await startDebugging(['create', 'lost', '--debug']);
  await inspector.getByTitle(/^Step over/).click();
  await inspector.getByTitle(/^Step over/).click();
  await command.waitFor(
    /its sign-in failed\. \(at .*lost\.ts:\d+:\d+\)+\n {2}The browser stays as the failed step left it/,
  );
  await expect((await person.page(/sign-in/)).getByLabel('Email')).toBeVisible();
  await expect(inspector.getByTitle(/^Resume/)).toBeEnabled();
  command.type('');
  const { exitCode, stdout, stderr } = await command.ended;
  await Promise.all([beside.leave(), person.leave()]);
  expect(stdout).toMatch(/✗ {2}lost {2}failed ERR_SIGN_IN_FAILED/);
  expect(exitCode).toBe(1);
  expect(stderr.match(/paused before/g)).toHaveLength(1);
  await expectNoValueLeft();
});

test('Ctrl-C ends renew --debug at once, paused at a step or held at a failed one', async () => {
  const paused = await startDebugging(['renew', 'admin', '--debug']);
  paused.command.process.kill('SIGINT');
  expect(await paused.command.ended).toMatchObject({ exitCode: 130 });
  await Promise.all([paused.beside.leave(), paused.person.leave()]);
  const held = await startDebugging(['renew', 'lost', '--debug']);
  await held.inspector.getByTitle(/^Resume/).click();
  await held.command.waitFor(/The browser stays/);
  // Twice, as somebody in a hurry does.
  for (let times = 1; times <= 2; times += 1) held.command.process.kill('SIGINT');
  expect(await held.command.ended).toMatchObject({ exitCode: 130 });
  await Promise.all([held.beside.leave(), held.person.leave()]);
  await expectNoValueLeft();
});

test('--debug rejects what it cannot step through, and says if nobody signed in', async () => {
  const run = (args: readonly string[], env = { DISPLAY: display.name }) =>
    runInProcess(['create', '--debug', ...args], { folder: project.folder, env });
  for (const args of [['admin', 'customer'], ['--all']])
    expect((await run(args)).stderr).toContain('--debug takes the sign-in of one session');
  expect((await run(['asked'])).stderr).toContain('signs in by requests. [ERR_USAGE]');
  expect((await run(['admin'])).stderr).toContain('There was no sign-in to step through.');
  expect((await run(['admin'], { DISPLAY: '' })).stderr).toContain('[ERR_DISPLAY_MISSING]');
});

/** A person at the window of the sign-in, and at that of the inspector beside it. */
async function startDebugging(args: readonly string[]) {
  const port = await freePort();
  const env = { INSPECTOR_PORT: String(port), AUTH_SESSIONS_KEY: testStoreKey };
  const { command, person } = await startByHand(args, { project, display, env });
  await command.waitFor(/paused before the flow's first step/);
  const beside = await personAt(port, command.ended);
  return { command, person, beside, inspector: await beside.page(/./) };
}

async function expectNoValueLeft(): Promise<void> {
  await expect.poll(() => processesWith(marker)).toBe(0);
  expect(await leftovers(project)).toEqual(['.keep']);
  expect(await filesWith(project, [admin.password, customer.password])).toEqual([]);
}

const marker = `--marked-by-cli-debug-${process.pid}`;

/** The inspector, the browser that has no port yet, is given one. */
const browserWithInspector = `#!/bin/sh
case "$*" in
  *--remote-debugging-port=*) exec "${findBrowser()?.executablePath ?? ''}" "$@" ;;
  *) exec "${findBrowser()?.executablePath ?? ''}" "--remote-debugging-port=$INSPECTOR_PORT" ${marker} "$@" ;;
esac
`;
