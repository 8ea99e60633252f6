import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { CheckedSession } from '../../src/cli/commands/check.js';
import type { ListedSession } from '../../src/session/listed-session.js';
import type { BroughtUp } from '../../src/cli/engine/bring-up.js';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { parseLeaseRecord } from '../../src/store/lease-record.js';
import {
  envelopeOf,
  runCommand,
  runInProcess,
  startCommand,
  type CommandRun,
  testStoreKey,
} from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { consultationsFlow, createSignedInProject, quickAccounts } from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {},
    options: `onEvent: ({ type, session }) =>
      process.getBuiltinModule('node:fs').appendFileSync(new URL('events.txt', import.meta.url), type + ' ' + session + ' '),`,
    moreSessions: "person: { type: 'recorder' }, anyone: { type: 'runtime', flow: consultations },",
  });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

/** Whether a file, opened if it is an archive, has one of these texts. */
async function finds(file: string, texts: readonly string[]): Promise<boolean> {
  const redactor = createRedactor();
  for (const [index, text] of texts.entries()) redactor.add(new SecretValue(text, `text ${index}`));
  for await (const finding of findLeaks({ roots: [file], redactor })) return Boolean(finding);
  return false;
}

const run = (...args: string[]): Promise<CommandRun> =>
  runCommand(args, { folder: project.folder, env: { AUTH_SESSIONS_KEY: testStoreKey } });

/** The same in this process, which is faster. Another test runs the command in a process. */
const ask = (...args: string[]): Promise<CommandRun> => runInProcess(args, { folder: project.folder });

test('lists sessions without a stored state, and signs in none', async () => {
  const listed = envelopeOf(await ask('list', '--json'));
  expect(listed).toMatchObject({ version: 1, command: 'list', ok: true, errors: [] });
  expect(
    (listed.data as { sessions: ListedSession[] }).sessions.map(({ name, type, state }) => [
      name,
      type,
      state,
    ]),
  ).toEqual([
    ['admin', 'credentials', 'none'],
    ['customer', 'credentials', 'none'],
    ['person', 'recorder', 'none'],
    ['anyone', 'runtime', 'none'],
  ]);
  expect(site.attempts(admin.email)).toBe(0);
});

test('signs in several sessions concurrently, and none of them again', async () => {
  const created = await run('create', 'admin', 'customer');
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  expect(created.stdout).toMatch(/✓ {2}admin {5}created {2}\d+ s\n✓ {2}customer {2}created/);
  const again = envelopeOf(await ask('create', '--all', '--json'));
  expect(
    (again.data as { sessions: BroughtUp[] }).sessions.map(({ name, outcome }) => [name, outcome]),
  ).toEqual([
    ['admin', 'restored'],
    ['customer', 'restored'],
  ]);
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
});

test('lists what is stored, in a table without colours or values', async () => {
  const { stdout, exitCode } = await ask('list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^session +type +flow +environment +state +age +expires$/m);
  expect(stdout).toMatch(/^admin +credentials +consultations\.ts +local +fresh +.* \(ttlSeconds\)$/m);
  expect(stdout).not.toContain(admin.email);
  expect(stdout).not.toContain(String.fromCharCode(27));
});

test('checks sessions, and says with its exit code whether all are signed in', async () => {
  expect(await ask('check', 'admin', 'customer')).toMatchObject({
    exitCode: 0,
    stdout: '✓ admin signed in\n✓ customer signed in\n',
  });
  const all = await ask('check', '--json');
  expect(all.exitCode).toBe(1);
  expect((envelopeOf(all).data as { sessions: CheckedSession[] }).sessions).toMatchObject([
    { name: 'admin', state: 'signed in', by: 'check', next: null },
    { name: 'customer', state: 'signed in', by: 'check', next: null },
    { name: 'person', state: 'not stored', by: null, next: 'npx playwright-auth-sessions record person' },
  ]);
});

test('finds that the application has ended a session, and renews it', async () => {
  site.endSessions(admin.email);
  const checked = await ask('check', 'admin');
  expect(checked.exitCode).toBe(1);
  const [first, seen = '', ...rest] = checked.stdout.split('\n');
  expect([first, ...rest]).toEqual([
    '✗ admin signed out',
    '  Run: npx playwright-auth-sessions renew admin',
    '',
  ]);
  const [, line = ''] =
    /its check ran 3 times, and found it signed out: GET \/api\/me at .*consultations\.ts:(\d+):\d+$/.exec(
      seen,
    ) ?? [];
  const source = (await readFile(path.join(project.folder, 'consultations.ts'), 'utf8')).split('\n');
  expect(source[Number(line) - 1]).toContain("get('/api/me')");
  expect((await ask('renew', 'admin')).stdout).toContain('renewed');
  expect(site.signIns(admin.email)).toBe(2);
  expect((await ask('renew', 'person')).stderr).toContain('[ERR_RECORDING_NEEDED]');
  site.endSessions(admin.email);
  const renewed = await ask('check', 'admin', 'customer', '--renew');
  expect(renewed.exitCode).toBe(0);
  expect(renewed.stdout).toMatch(/✗ admin signed out\n.*\n.*\n✓ customer signed in\n✓ +admin +renewed/);
  expect(site.signIns(admin.email)).toBe(3);
  const withPerson = await ask('check', '--renew', '--json');
  expect([withPerson.exitCode, envelopeOf(withPerson).ok]).toEqual([1, false]);
});

test('onEvent gets a notice of each sign-in and renewal, and none of a check', async () => {
  expect((await project.read('events.txt')).trim().split(' ').slice(-4)).toEqual([
    ...['renewed', 'admin'],
    ...['renewed', 'admin'],
  ]);
});

test('writes a trace of a sign-in, also of one that fails, without a value in it', async () => {
  const traced = await ask('renew', 'admin', '--trace', 'trace.zip');
  expect(traced.stderr).toContain('Trace of the sign-in, redacted: ');
  expect(traced.exitCode).toBe(0);
  const file = path.join(project.folder, 'trace.zip');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { playwright } = JSON.parse(
    `{"playwright":${(await ask('export', 'admin', '--reveal')).stdout}}`,
  ) as {
    playwright: { cookies: { value: string }[] };
  };
  const values = [admin.password, ...playwright.cookies.map(({ value }) => value)];
  expect(await finds(file, values)).toBe(false);
  expect(await finds(file, ['[redacted:admin.password]'])).toBe(true);
  const opened = await promisify(execFile)(
    process.execPath,
    [createRequire(import.meta.url).resolve('@playwright/test/cli'), 'trace', 'open', file],
    { cwd: project.folder },
  );
  expect(opened.stdout).toContain('Actions');
  const again = await ask('renew', 'admin', '--trace', 'trace.zip');
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('exists already. [ERR_USAGE]')]);
  const good = await project.read('consultations.ts');
  const typed =
    "await page.getByLabel('Password').fill(credentials.password); throw new Error('it stops here');";
  await project.write({ 'consultations.ts': await consultationsFlow({ opened: typed }) });
  const failed = await run('create', 'admin', '--trace', 'failed.zip');
  await project.write({ 'consultations.ts': good });
  expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringContaining('it stops here')]);
  const failedFile = path.join(project.folder, 'failed.zip');
  expect(await finds(failedFile, values)).toBe(false);
  expect(await finds(failedFile, ['[redacted:admin.password]'])).toBe(true);
  // Its first attempt, and the second.
  expect(await finds(path.join(project.folder, 'failed-2.zip'), ['[redacted:admin.password]'])).toBe(true);
  expect(
    failed.stderr.match(/Traces of 2 sign-ins, redacted:\n.*failed\.zip\n.*failed-2\.zip\n/g),
  ).toHaveLength(1);
  expect(failed.stderr).toMatch(/Open the last one: npx playwright show-trace \S+failed-2\.zip/);
  const restored = await ask('create', 'admin', '--trace', 'none.zip');
  expect(restored.stderr).toMatch(
    /There is no trace, because there was no sign-in: .*renew admin --trace none\.zip/,
  );
  const several = await ask('create', 'admin', 'customer', '--trace', 'other.zip');
  expect(several.stderr).toContain('--trace takes the sign-in of one session.');
});

test('exports a state only with --reveal', async () => {
  const refused = await ask('export', 'admin');
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain('--reveal');
  const { stdout } = await ask('export', 'admin', '--format', 'netscape', '--reveal');
  const cookie = /^#HttpOnly_127\.0\.0\.1\tFALSE\t\/\tFALSE\t0\t(\S+)\t(\S+)$/m.exec(stdout);
  const answer = await fetch(`${site.url}/api/me`, { headers: { cookie: `${cookie?.[1]}=${cookie?.[2]}` } });
  expect(answer.ok).toBe(true);
  const exported = await ask('export', 'admin', '--reveal');
  expect(JSON.parse(exported.stdout)).toMatchObject({ cookies: [{ value: cookie?.[2] }] });
});

test('keeps sessions of several base URLs apart', async () => {
  const elsewhere = site.url.replace('127.0.0.1', 'localhost');
  const listed = envelopeOf(await ask('list', '--base-url', elsewhere, '--json'));
  expect(listed.data).toMatchObject({
    sessions: [{ name: 'admin', baseURL: elsewhere, state: 'none' }, {}, {}, {}],
  });
});

test('removes stored sessions, and says which had none', async () => {
  expect(await run('remove', 'admin', 'person')).toMatchObject({
    exitCode: 0,
    stdout: '✓ admin removed\n- person: nothing was stored\n',
  });
  expect(await ask('check', 'admin')).toMatchObject({
    exitCode: 1,
    stdout:
      '✗ admin not stored\n  nothing is stored for it\n  Run: npx playwright-auth-sessions create admin\n',
  });
});

test('lists entries of an earlier flow, and removes them with --all', async () => {
  const flow = await project.read('consultations.ts');
  await project.write({ 'consultations.ts': `${flow}\n// edited` });
  expect(await run('remove', 'customer')).toMatchObject({
    exitCode: 0,
    stdout:
      '- customer: nothing was stored\n' +
      '- 1 for other base URLs, or for earlier flows and references: kept (remove --all removes these too)\n',
  });
  expect(await storedEntries()).toHaveLength(1);
  expect(envelopeOf(await run('remove', '--all', '--json')).data).toMatchObject({
    others: { removed: 1, kept: 0 },
  });
  expect(await storedEntries()).toEqual([]);
  await project.write({ 'consultations.ts': flow });
});

test('on CI without a vault credential the store can be listed and emptied; signing in says what is missing', async () => {
  const onCi = (...args: string[]) => runInProcess(args, { folder: project.folder, env: { CI: 'true' } });
  expect((await ask('create', 'customer')).exitCode).toBe(0);
  const listed = await onCi('list');
  expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(listed.stdout).toMatch(/^customer +credentials +\S+ +missing +fresh /m);
  expect(await onCi('check', 'customer')).toMatchObject({ exitCode: 0, stdout: '✓ customer signed in\n' });
  expect((await onCi('export', 'customer', '--reveal')).stdout).toContain('"cookies"');
  expect((await onCi('scan', 'auth-sessions.ts')).exitCode).toBe(0);
  const created = await onCi('create', '--all');
  expect(created).toMatchObject({ exitCode: 1, stdout: '' });
  expect(created.stderr).toMatch(/^✗ The vault credential is missing\. \[ERR_ENVIRONMENT_MISSING\]\n/);
  const exported = await onCi('export', 'admin', '--reveal');
  expect(exported).toMatchObject({ exitCode: 1, stdout: '' });
  expect(exported.stderr).toContain('[ERR_ENVIRONMENT_MISSING]');
  expect(await onCi('remove', '--all')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('suggests the right spelling of a name', async () => {
  const { exitCode, stderr } = await ask('create', 'admni', 'custommer');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no session "admni". [ERR_SESSION_UNKNOWN]\n  Did you mean "admin"?');
  expect(stderr).toContain('Did you mean "customer"?');
});

test('reports an invalid line in the local file once for all sessions', async () => {
  const good = await project.read('.env.auth-sessions');
  await project.write({ '.env.auth-sessions': `${good}\nhunter2\n` });
  const { exitCode, stderr } = await ask('renew', 'admin', 'customer');
  await project.write({ '.env.auth-sessions': good });
  expect(exitCode).toBe(1);
  expect(stderr.match(/^✗ .*\[ERR_LOCAL_FILE_INVALID\]$/gm)).toHaveLength(1);
  expect(stderr).not.toContain('hunter2');
});

test('reports a rejected sign-in in its parts, with a masked screenshot, and no value', async () => {
  const wrong = (await project.read('.env.auth-sessions')).replace(
    /^(.*ADMIN__PASSWORD=).*$/m,
    "$1'this is not it'",
  );
  await project.write({ 'wrong.env': wrong });
  await project.write({
    'auth-sessions.ts': (await project.read('auth-sessions.ts')).replace(
      'sessions: {',
      "local: { files: ['wrong.env'] }, sessions: {",
    ),
  });
  const { exitCode, stdout, stderr } = await run('create', 'admin');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/✗ {2}admin {2}failed ERR_CREDENTIALS_REJECTED/);
  expect(stdout).toMatch(/screenshot, inputs masked: .*sign-in-of-admin-\d{4}-\d\d-\d\dT[\d-]+Z\.png/);
  expect(stderr).toMatch(/^✗ .*"admin".* \[ERR_CREDENTIALS_REJECTED\]\n( {2}.+\n){4}$/);
  expect(stderr).toContain('first AUTOMATION__CONSULTATIONS_ADMIN__PASSWORD in wrong.env. New values');
  expect(stdout + stderr).not.toContain('this is not it');
});

test('Ctrl-C during a sign-in ends it at once: no browser stays, and its lease is free', async () => {
  await project.write({
    'hanging.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        parameters: [],
        async create({ page }) {
          console.log('hanging, pid', process.pid);
          await page.waitForEvent('close', { timeout: 0 });
        },
      });`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: { stuck: { flow: './hanging.ts', parameters: {} } } });`,
  });
  const config = await project.read('playwright.config.ts');
  await project.write({ 'playwright.config.ts': config.replace('"--disable-quic"', `"${marker}"`) });
  const command = startCommand(['create', 'stuck'], { folder: project.folder });
  await command.waitFor(/hanging, pid/);
  expect(await processesWith(marker)).toBeGreaterThan(0);
  const stoppedMs = Date.now();
  command.process.kill('SIGINT');
  const { exitCode } = await command.ended;
  expect(exitCode).toBe(130);
  expect(Date.now() - stoppedMs).toBeLessThan(4000);
  await expect.poll(() => processesWith(marker)).toBe(0);
  expect(await heldLeases(project.folder)).toEqual([]);
});

test('Ctrl-C during create --json prints no partial result, and leaves nothing, also after a killed command', async () => {
  let asked: (() => void) | undefined;
  const untilAsked = () => new Promise<void>((resolve) => (asked = resolve));
  const server = createServer(() => asked?.()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await project.write({
    'waiting.ts': `
      import { defineAuthFlow } from '@auth';
      export default defineAuthFlow({
        parameters: [],
        async create({ page }) { await page.goto('http://127.0.0.1:${port}/', { timeout: 0 }); },
      });`,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      const session = { flow: './waiting.ts', parameters: {} };
      export default defineAuthSessions({ sessions: { stuck: session, too: session } });`,
    't/.gitkeep': '',
  });
  try {
    const place = path.join(project.folder, 't');
    const leftovers = async () => (await readdir(place)).filter((name) => name.startsWith('auth-sessions-'));
    const start = () =>
      startCommand(['create', '--all', '--json'], {
        folder: project.folder,
        env: { AUTH_SESSIONS_KEY: testStoreKey, TMPDIR: place },
      });
    let isAsked = untilAsked();
    const killed = start();
    await isAsked;
    const [left = ''] = await leftovers();
    expect((await readdir(path.join(place, left, 't'))).length).toBeGreaterThan(0);
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(await leftovers()).toEqual([left]);
    isAsked = untilAsked();
    const command = start();
    await isAsked;
    expect(await leftovers()).toHaveLength(1);
    expect(await leftovers()).not.toContain(left);
    command.process.kill('SIGINT');
    expect(await command.ended).toEqual({ exitCode: 130, stdout: '', stderr: '' });
    await expect.poll(() => processesWith(marker)).toBe(0);
    expect(await heldLeases(project.folder)).toEqual([]);
    const temporary = await readdir(path.join(project.folder, 't'));
    // Playwright's own, of every run.
    expect(temporary.filter((name) => !/^(\.gitkeep|playwright-transform-cache.*)$/.test(name))).toEqual([]);
    const files = await readdir(path.join(project.folder, '.auth-sessions'));
    expect(
      files.filter((name) => !['.gitignore', 'leases', 'failed-sign-ins', 'refusals'].includes(name)),
    ).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

const marker = `--marked-by-cli-sessions-${process.pid}`;

async function processesWith(text: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes(text)).length;
}

async function storedEntries(): Promise<string[]> {
  return (await readdir(path.join(project.folder, '.auth-sessions'))).filter((name) => name.endsWith('.jwe'));
}

/** Of sessions: those of time steps are meant to stay. */
async function heldLeases(folder: string): Promise<string[]> {
  const leases = path.join(folder, '.auth-sessions/leases');
  const texts = await Promise.all(
    (await readdir(leases)).map((name) => readFile(path.join(leases, name), 'utf8')),
  );
  return texts.filter((text) => {
    const record = parseLeaseRecord(text);
    return record && !record.released && !record.outlivesHolder;
  });
}
