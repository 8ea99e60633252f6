import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { filesWith, leftovers, processesWith, startByHand } from '../support/by-hand.js';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { whyNoDisplay } from '../support/display.js';
import { signInByHand } from '../support/scripted-person.js';
import { quickAccounts, whoAmITests } from '../support/signed-in-project.js';
import { createWindowBench, type WindowBench } from '../support/window-bench.js';

const { customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 240_000 });
const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);

let bench: WindowBench;
let site: WindowBench['site'];
let project: WindowBench['project'];
let display: WindowBench['display'];

test.beforeAll(async () => {
  bench = await createWindowBench({
    mark: marker,
    tests: {
      'person.spec.ts': whoAmITests('person', 2, { pages: 2 }).replaceAll(
        'toContain("person")',
        'toContain("customer")',
      ),
    },
    moreSessions: `person: { type: 'recorder', flow: consultations }, anyone: { type: 'runtime', flow: consultations },
      unchecked: { type: 'recorder' }, looked: { type: 'recorder', flow: './looked.ts' },`,
    files: { 'looked.ts': flowThatLooks },
  });
  ({ site, project, display } = bench);
});

test.afterAll(() => bench.close());

test('stores a sign-in by hand, and no file has what was typed', async () => {
  const { command, person } = await record('person', '--url', '/sign-in');
  await command.waitFor(/Not signed in yet, according to the flow's check/);
  const code = await signInByHand(await person.page(/sign-in/), customer);
  await command.waitFor(/Signed in, according to the flow's check/);
  command.type('');
  const { exitCode, stdout, stderr } = await command.ended;
  await person.leave();
  expect(stdout).toMatch(
    /✓ person recorded: signed in according to the flow's check \(\d cookies?, storage of \d origins?\)/,
  );
  expect(exitCode).toBe(0);
  expect(stdout + stderr).not.toContain(code);
  expect(await filesWith(project, [customer.password, code])).toEqual([]);
  expect((await run('check', 'person')).stdout).toBe('✓ person signed in\n');
  expect(site.signIns(customer.email)).toBe(1);
});

test('stores it also when the person closes the window', async () => {
  site.endSessions(customer.email);
  const { command, person } = await record('person', '--json', '--url', '/sign-in');
  await signInByHand(await person.page(/sign-in/), customer);
  await person.closeWindow();
  const { exitCode, stdout } = await command.ended;
  await person.leave();
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    data: { session: 'person', doneBy: 'closed', signedIn: true },
  });
  expect(exitCode).toBe(0);
  expect((await run('check', 'person')).stdout).toBe('✓ person signed in\n');
  expect(site.signIns(customer.email)).toBe(2);
});

test('ends by itself at an address, or when a page shows a text', async () => {
  for (const [flag, value, doneBy] of [
    ['--until-url', `${site.url}/`, 'url'],
    ['--until-text', 'Sign out', 'text'],
  ] as const) {
    const { command, person } = await record('person', '--json', '--url', '/sign-in', flag, value);
    const page = await person.page(/sign-in/);
    await page.evaluate(keepKey);
    // The window closes as soon as it is signed in.
    await signInByHand(page, customer).catch(() => undefined);
    const { exitCode, stdout } = await command.ended;
    await person.leave();
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: {
        ...{ doneBy, signedIn: true },
        captured: [
          { kind: 'cookie', expiresAt: null },
          { kind: 'storage', origin: site.url, indexedDB: 1 },
        ],
        staysBehind: [expect.stringContaining(`CryptoKey): vault/keys of ${site.url}`)],
      },
    });
    expect(exitCode).toBe(0);
  }
  expect((await run('record', 'person', '--until-url', ' ')).stderr).toContain(
    '--until-url is empty. [ERR_USAGE]',
  );
});

test('stores it when the whole browser quits, and keeps a given profile', async () => {
  site.endSessions(customer.email);
  const profile = path.join(project.folder, 'profile');
  const { command, person } = await record('person', '--url', '/sign-in', '--user-data-dir', profile);
  const shown = await person.page(/sign-in/);
  await signInByHand(shown, customer);
  await shown.evaluate(() => (document.cookie = 'device=trusted; max-age=86400'));
  await command.waitFor(/Signed in, according to the flow's check/);
  await person.quitBrowser();
  const { exitCode, stdout } = await command.ended;
  await person.leave();
  expect(stdout).toContain('✓ person recorded');
  expect(exitCode).toBe(0);
  expect(await readdir(profile)).toContain('Default');
  const again = await record('person', '--user-data-dir', profile);
  const page = await again.person.page(new RegExp(`^${site.url}`));
  expect(await page.evaluate(() => document.cookie)).toContain('device=trusted');
  await again.person.closeWindow();
  await again.command.ended;
  await again.person.leave();
});

test('the error of an expired recorded session names the command that records it, and the next run uses that', async () => {
  site.endSessions(customer.email);
  const before = site.signIns(customer.email);
  const lost = await project.run(['person'], { env });
  expect(lost.exitCode).toBe(1);
  const [, asked = ''] =
    /no longer signed in\.\s+Run: npx playwright-auth-sessions (.+) \[ERR_RECORDING_NEEDED\]/.exec(
      lost.output,
    ) ?? [];
  expect(asked).toBe('record person');
  expect((await run('create', 'person')).stderr).toContain('Run: npx playwright-auth-sessions record person');
  expect(site.signIns(customer.email)).toBe(before);
  const { command, person } = await startByHand([...asked.split(' '), '--url', '/sign-in'], {
    ...{ project, display, env },
  });
  await signInByHand(await person.page(/sign-in/), customer);
  command.type('');
  expect(await command.ended).toMatchObject({ exitCode: 0 });
  await person.leave();
  const { exitCode, output } = await project.run(['person'], { env });
  expect(output).toContain('2 passed');
  expect(exitCode).toBe(0);
  expect(site.signIns(customer.email)).toBe(before + 1);
});

test('Enter typed before the window opens ends nothing', async () => {
  const args = ['record', 'unchecked', '--url', '/sign-in'];
  const { command, person } = await startByHand(args, { project, display, env, typesAhead: true });
  await signInByHand(await person.page(/sign-in/), customer);
  command.type('');
  const { exitCode, stdout } = await command.ended;
  await person.leave();
  expect(stdout).toMatch(/✓ unchecked recorded: not checked \([1-9] cookies?/);
  expect(exitCode).toBe(0);
});

test('rejects a state that is not signed in, unless --force is given', async () => {
  const before = await sealed('person');
  const refused = await record('person');
  await refused.person.page(/./);
  await refused.command.waitFor(/Not signed in yet/);
  refused.command.type('');
  const { exitCode, stdout, stderr } = await refused.command.ended;
  await refused.person.leave();
  expect(stderr).toContain('Session "person" was not recorded: it is not signed in. [ERR_NOT_SIGNED_IN]');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(await sealed('person')).toEqual(before);
  const forced = await record('unchecked', '--force', '--url', 'about:blank');
  await forced.command.waitFor(/make sure yourself/);
  forced.command.type('');
  expect(await forced.command.ended).toMatchObject({ exitCode: 0 });
  await forced.person.leave();
  expect(await sealed('unchecked')).toHaveLength(1);
});

test('runs a check that takes a page when the person is done, and rejects a state that fails it', async () => {
  const refused = await record('looked', '--url', '/sign-in');
  await refused.person.page(/sign-in/);
  await refused.command.waitFor(/Its flow's check needs a page, so it runs at the end\./);
  refused.command.type('');
  const { exitCode, stderr } = await refused.command.ended;
  await refused.person.leave();
  expect(stderr).toContain('[ERR_NOT_SIGNED_IN]');
  expect(exitCode).toBe(1);
  const { command, person } = await record('looked', '--url', '/sign-in');
  await signInByHand(await person.page(/sign-in/), customer);
  command.type('');
  const { stdout } = await command.ended;
  await person.leave();
  expect(stdout).toContain("✓ looked recorded: signed in according to the flow's check");
});

test('says which sessions cannot be recorded, and that a window needs a display', async () => {
  expect((await run('record', 'anyone')).stderr).toContain('[ERR_SESSION_TYPE]');
  const unseen = await runInProcess(['record', 'person'], {
    folder: project.folder,
    env: { DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
  });
  expect(unseen.stderr).toContain('A visible browser needs a display. [ERR_DISPLAY_MISSING]');
});

test('Ctrl-C stores nothing, and leaves no browser and no profile', async () => {
  const before = await sealed('person');
  const leftBefore = await leftovers(project);
  const { command, person } = await record('person', '--url', '/sign-in');
  await signInByHand(await person.page(/sign-in/), customer);
  const stoppedMs = Date.now();
  command.process.kill('SIGINT');
  const { exitCode, stdout } = await command.ended;
  expect(Date.now() - stoppedMs).toBeLessThan(5000);
  expect([exitCode, stdout]).toEqual([130, '']);
  await person.leave();
  expect(await sealed('person')).toEqual(before);
  await expect.poll(() => processesWith(marker)).toBe(0);
  await expect.poll(() => leftovers(project)).toEqual(leftBefore);
});

const marker = `--marked-by-cli-record-${process.pid}`;

const flowThatLooks = `import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({
    create: () => Promise.reject(new Error('a person does it')),
    async check({ page }) {
      await page.goto('/');
      return page.getByRole('button', { name: 'Sign out' }).isVisible();
    },
  });`;

/** Runs in the page. */
async function keepKey(): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const opening = indexedDB.open('vault');
  opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const putting = opening.result.transaction('keys', 'readwrite').objectStore('keys').put(key, 1);
  await new Promise((resolve) => (putting.onsuccess = resolve));
  opening.result.close();
}

/** All use one key of the store: runs, commands with a window, and those in this process. */
const env = { AUTH_SESSIONS_KEY: testStoreKey };

const run = (...args: string[]) =>
  runInProcess(args, { folder: project.folder, env: { DISPLAY: display.name } });

const record = (...args: string[]) => startByHand(['record', ...args], { project, display, env });

/** The sealed entries of a session: their names and texts. */
async function sealed(session: string): Promise<string[]> {
  const folder = path.join(project.folder, '.auth-sessions');
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${session}-`));
  return Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
}
