import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { findBrowser } from '../../src/browser/find-browser.js';
import { leftovers, processesWith, startByHand } from '../support/by-hand.js';
import { commandLine, runCommand, runInProcess } from '../support/command-line.js';
import { whyNoDisplay } from '../support/display.js';
import { freePort, personAt } from '../support/scripted-person.js';
import { consultationsFlow, quickAccounts } from '../support/signed-in-project.js';
import { keys, startAtTerminal, whyNoTerminal } from '../support/terminal.js';
import { createWindowBench, type WindowBench } from '../support/window-bench.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 180_000 });
const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);

let bench: WindowBench;
let site: WindowBench['site'];
let project: WindowBench['project'];
let display: WindowBench['display'];

test.beforeAll(async () => {
  bench = await createWindowBench({
    mark: marker,
    moreSessions: `watched: { flow: './watched.ts', parameters: {
        username: 'op://automation/consultations-customer/username',
        password: 'op://automation/consultations-customer/password',
        otp: 'op://automation/consultations-customer/one-time password?attribute=otp',
      } }, unchecked: { type: 'recorder' },`,
    files: { 'watched.ts': await consultationsFlow({ opened: untilSeen }) },
    browserScript: {
      file: 'slow-browser.sh',
      text: slowBrowser,
      executablePath: (browser) => `process.env.SLOW_BROWSER ?? ${browser}`,
    },
  });
  ({ site, project, display } = bench);
});

test.afterAll(() => bench.close());

test('open shows a signed-in window, and stores no changes made in it', async () => {
  // By a browser without a window, which would have the port.
  await runCommand(['create', 'admin'], { folder: project.folder });
  const leftBefore = await leftovers(project);
  const { command, person } = await startByHand(['open', 'admin', '/bookings'], { project, display });
  await command.waitFor(/Signed in as admin\. Close the window to finish, or press Ctrl-C\./);
  const page = await person.page(/\/bookings$/);
  expect(await seen(page)).toEqual({ email: admin.email, isHeaded: true });
  expect(site.signIns(admin.email)).toBe(1);
  const before = await sealed('admin');
  await page.evaluate(() => localStorage.setItem('left', 'behind'));
  expect(await processesWith(marker)).toBeGreaterThan(0);
  await person.closeWindow();
  expect(await command.ended).toMatchObject({ exitCode: 0, stdout: '' });
  await person.leave();
  expect(await sealed('admin')).toEqual(before);
  await expect.poll(() => processesWith(marker)).toBe(0);
  await expect.poll(() => leftovers(project)).toEqual(leftBefore);
});

test('open restores the session, and starts at the base URL; Ctrl-C closes it', async () => {
  const { command, person } = await startByHand(['open', 'admin'], { project, display });
  await command.waitFor(/Signed in as admin/);
  const page = await person.page(new RegExp(`^${site.url}/$`));
  expect(await seen(page)).toEqual({ email: admin.email, isHeaded: true });
  expect(site.signIns(admin.email)).toBe(1);
  command.process.kill('SIGINT');
  expect(await command.ended).toMatchObject({ exitCode: 130, stdout: '' });
  await person.leave();
  await expect.poll(() => processesWith(marker)).toBe(0);
});

test('create shows a window only with --headed', async () => {
  const { command, person } = await startByHand(['create', 'watched', '--headed'], { project, display });
  const page = await person.page(/sign-in/);
  expect((await seen(page)).isHeaded).toBe(true);
  await page.evaluate(() => (document.title = 'seen'));
  const { exitCode, stdout } = await command.ended;
  await person.leave();
  expect(stdout).toMatch(/✓ {2}watched {2}created/);
  expect(exitCode).toBe(0);
  expect(site.signIns(customer.email)).toBe(1);

  const unseen = await startByHand(['renew', 'watched'], { project, display });
  const hidden = await unseen.person.page(/sign-in/);
  expect((await seen(hidden)).isHeaded).toBe(false);
  await hidden.evaluate(() => (document.title = 'seen'));
  expect(await unseen.command.ended).toMatchObject({ exitCode: 0 });
  await unseen.person.leave();
});

test('rejects an ambiguous address before signing in', async () => {
  const options = { folder: project.folder, env: { DISPLAY: display.name } };
  const signIns = site.signIns(admin.email);
  // Where nothing is stored.
  const elsewhere = site.url.replace('127.0.0.1', 'localhost');
  for (const command of ['open', 'codegen']) {
    const args = [command, 'admin', 'example.com/x', '--base-url', elsewhere];
    const { exitCode, stderr } = await runCommand(args, options);
    expect(stderr).toContain('"example.com/x" may be a site or a page. [ERR_USAGE]');
    expect(stderr).toContain(
      `Write https://example.com/x for the site, or ./example.com/x for a page of ${elsewhere}`,
    );
    expect(exitCode).toBe(2);
  }
  expect(site.signIns(admin.email)).toBe(signIns);
  const unseen = await runInProcess(['open', 'admin'], {
    folder: project.folder,
    env: { DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
  });
  expect(unseen.stderr).toContain('A visible browser needs a display. [ERR_DISPLAY_MISSING]');
});

test('a base URL needs no http:// before a host with a port, and must be an http(s) URL', async () => {
  const list = (baseURL: string) =>
    runInProcess(['list', '--json', '--base-url', baseURL], { folder: project.folder });
  const listed = JSON.parse((await list('localhost:3000')).stdout) as { data: { sessions: unknown[] } };
  expect(listed.data.sessions[0]).toMatchObject({ name: 'admin', baseURL: 'http://localhost:3000' });
  const refused = await list('ftp://stage:knock@shop.example');
  expect(refused.stdout).toContain('\\"ftp://shop.example\\" is not an http(s) URL.');
  expect(refused.exitCode).toBe(2);
});

for (const args of [
  ['open', 'admin'],
  ['codegen', 'admin'],
  ['record', 'unchecked'],
  ['record-flow', 'somebody'],
])
  test(`${args.join(' ')} shows progress on a terminal while its window starts`, async () => {
    const noTerminal = whyNoTerminal();
    test.skip(noTerminal !== undefined, noTerminal);
    test.skip(findBrowser()?.executablePath === undefined, 'the browser cannot be slowed down');
    const port = await freePort();
    const { folder } = project;
    const terminal = startAtTerminal([commandLine(), ...args], {
      folder,
      env: {
        DISPLAY: display.name,
        PERSON_PORT: String(port),
        SLOW_BROWSER: path.join(folder, 'slow-browser.sh'),
        TMPDIR: path.join(folder, 'tmp'),
      },
    });
    const early = terminal.ended.then(({ exitCode, shown }) => ({ exitCode, stdout: shown, stderr: '' }));
    const person = await personAt(port, early);
    await terminal.waitFor(/Signed in as admin|Sign in as "/);
    terminal.press(keys.interrupt);
    const { exitCode, shown } = await terminal.ended;
    expect(shown).toMatch(/opening a window \d s[^]*(?:Signed in as admin|Sign in as ")/);
    expect(shown).not.toMatch(/(?:Signed in as admin|Sign in as ")[^]*opening a window/);
    expect(exitCode).toBe(130);
    await person.leave();
    await expect.poll(() => processesWith(marker)).toBe(0);
  });

const marker = `--marked-by-cli-open-${process.pid}`;

/** The flow waits until somebody looks at the page. */
const untilSeen = "await page.waitForFunction(() => document.title === 'seen');";

const slowBrowser = `#!/bin/sh\nsleep 1\nexec "${findBrowser()?.executablePath ?? ''}" "$@"\n`;

/** Who is signed in there, and whether the page is in a window: that of a headless browser has no edge. */
async function seen(page: Page): Promise<{ email: string | undefined; isHeaded: boolean }> {
  return page.evaluate(async () => {
    const me = await fetch('/api/me');
    const { email } = me.ok ? ((await me.json()) as { email: string }) : { email: undefined };
    return { email, isHeaded: !navigator.userAgent.includes('Headless') && outerHeight > innerHeight };
  });
}

async function sealed(session: string): Promise<string[]> {
  const folder = path.join(project.folder, '.auth-sessions');
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${session}-`));
  return Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
}
