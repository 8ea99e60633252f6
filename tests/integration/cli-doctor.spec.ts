import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { entryKey } from '../../src/core/entry-key.js';
import { sealSession } from '../../src/core/sealed-session.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { loadAuthSessions, type LoadedAuthSessions } from '../../src/declaration/load-auth-sessions.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { loadStoreKey } from '../../src/store/store-key.js';
import { systemClock } from '../../src/time/system-clock.js';
import { envelopeOf, runCommand, runInProcess, testStoreKey } from '../support/command-line.js';
import { listen, type Listening } from '../support/listen.js';
import type { NestedProject } from '../support/nested-run.js';
import { createOnePasswordServer, login } from '../support/onepassword/index.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';

test.describe.configure({ timeout: 300_000 });

let project: NestedProject;
let site: Listening;
let siteUrl: string;

test.beforeAll(async () => {
  site = await listen(createServer((_request, response) => response.end()));
  siteUrl = site.url;
});

test.afterAll(() => site.close());

test.beforeEach(async () => {
  project = await createSignedInProject({ siteUrl, tests: {} });
  await chmod(path.join(project.folder, '.env.auth-sessions'), 0o600);
});

test.afterEach(() => project.remove());

const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: project.folder });

/** In a separate process if the sessions file has changed: a module is loaded once. */
async function findings(env: Record<string, string> = {}, runIn = runInProcess) {
  const run = await runIn(['doctor', '--json'], { folder: project.folder, env });
  const data = envelopeOf(run).data as { findings: Finding[]; notLookedAt: string[] };
  return { ...run, found: data.findings, notLookedAt: data.notLookedAt };
}

function declared(sessions: LoadedAuthSessions['sessions'], name: string) {
  const session = sessions.get(name);
  if (!session) throw new Error(`no session ${name}`);
  return session;
}

/** Everything but what is well, as `id: what`. */
function bad(found: readonly Finding[]): string[] {
  return found
    .filter(({ result }) => result !== 'ok')
    .map(({ id, result, seen }) => `${id} ${result}: ${seen}`);
}

test('finds no problems in a working project, without a repository and offline', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['doctor'], { folder: project.folder });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/✓ {2}Environment: local, as no vault credential is set\n/);
  expect(stdout).toContain(`✓  Base URL: ${siteUrl}\n`);
  expect(stdout).toMatch(/✓ {2}References: all 6 resolve\n/);
  expect(stdout).toMatch(/✓ {2}git: not a repository\n\nNo problems found\.\n$/);
  for (const { email, password } of Object.values(quickAccounts)) {
    expect(stdout).not.toContain(email);
    expect(stdout).not.toContain(password);
  }
});

test('reports all problems at once, with ids and advice, and no value', async () => {
  const file = path.join(project.folder, '.env.auth-sessions');
  const text = await project.read('.env.auth-sessions');
  const short = text
    .replace(/ADMIN__PASSWORD=.*/, "ADMIN__PASSWORD='abcd'")
    .replace(/CUSTOMER__USERNAME=.*/, "CUSTOMER__USERNAME=''");
  await writeFile(file, short);
  await chmod(file, 0o644);
  await project.write({
    'state.json': JSON.stringify({ cookies: [{ name: 'a', value: 'b' }], origins: [] }),
    'notes.md': `The password is ${quickAccounts.customer.password}`,
    'token.txt': `ops_eyJ${'a'.repeat(200)}`,
    '.gitignore': 'node_modules\n.auth-sessions\n',
  });
  await git('init', '--quiet');
  await git('add', '--force', 'state.json', 'notes.md', 'token.txt', '.env.auth-sessions');
  const { exitCode, stdout, found } = await findings();
  expect(exitCode).toBe(1);
  expect(bad(found).sort()).toEqual([
    'committed-secrets trouble: git has a dotenv file with values in .env.auth-sessions.',
    'committed-secrets trouble: git has a service account token in token.txt.',
    'committed-secrets trouble: git has a storage state in state.json.',
    'committed-secrets trouble: git has the value of customer.password in notes.md.',
    `file-modes warning: Other users of this machine can read ${file}.`,
    'gitignore trouble: git does not ignore .env.auth-sessions.',
    'gitignore warning: git does not ignore reports/output.',
    'references trouble: No local credential exists for "op://automation/consultations-customer/username".',
    'short-values warning: admin.password has fewer than 6 characters.',
  ]);
  expect(found.every(({ result, next }) => result === 'ok' || next !== undefined)).toBe(true);
  expect(stdout).not.toContain('abcd');
  expect(stdout).not.toContain(quickAccounts.customer.password);
});

test('a broken config, sessions file or flow stops only the checks that depend on it', async () => {
  await project.write({
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: { admin: { flow: './gone.ts', parameters: {} } } });`,
  });
  expect(bad((await findings()).found)).toEqual([
    expect.stringMatching(/^flows trouble: Session "admin".*gone\.ts/),
  ]);
  await project.write({ 'auth-sessions.ts': 'export default 1;' });
  expect(bad((await findings({}, runCommand)).found)).toEqual([
    expect.stringMatching(/^sessions-file trouble: .*exports no/),
  ]);
  await project.write({ 'playwright.config.ts': 'export default { use: ;' });
  const { found } = await findings();
  expect(bad(found)).toEqual([expect.stringMatching(/^config-wired trouble: .* cannot be loaded\.$/)]);
  expect(found.find(({ id }) => id === 'config-wired')?.known).toContain('playwright.config.ts');
});

test('reports a missing Playwright config, and the checks it left out', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'no-project-'));
  try {
    const run = await runInProcess(['doctor'], { folder: empty });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('✗ No Playwright config was found. [config-wired]');
    expect(run.stdout).toContain('✗ @playwright/test is not installed. [playwright-version]');
    expect(run.stdout).toMatch(/Not checked, or not used by this project: .*browser, sessions-file, flows, /);
    expect(run.stdout).toMatch(/\n\n2 problems, 0 warnings\n$/);
  } finally {
    await rm(empty, { recursive: true });
  }
});

test('a config that is not wrapped, or that replaces added options, is a problem', async () => {
  const config = await project.read('playwright.config.ts');
  await project.write({
    'playwright.config.ts': config.replace(
      /defineConfig\((withAuthSessions[^]*)\);\s*$/,
      "defineConfig({ ...$1, reporter: 'list' });",
    ),
  });
  expect(bad((await findings()).found)).toEqual([
    expect.stringMatching(/^config-wired trouble: .* replaces the reporter/),
  ]);
  await project.write({ 'playwright.config.ts': 'export default {};' });
  const { found, notLookedAt } = await findings();
  expect(bad(found)).toEqual([
    expect.stringMatching(/^config-wired trouble: .* does not use auth sessions\.$/),
  ]);
  expect(notLookedAt).toEqual(expect.arrayContaining(['sessions-file', 'flows', 'references', 'store']));
});

test('each missing browser and each undeclared session that projects use is a problem', async () => {
  await project.write({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        use: { baseURL: '${siteUrl}', authSession: 'admni' },
        projects: [
          { name: 'one', use: { browserName: 'firefox' } },
          { name: 'two', use: { browserName: 'webkit' } },
          { name: 'three', use: { browserName: 'webkit', locale: 'de-DE', authSession: { name: 'customer' } } },
          { name: 'branded', use: { channel: 'msedge-canary', authSession: null } },
          { name: 'remote', use: { browserName: 'firefox', connectOptions: { wsEndpoint: 'ws://127.0.0.1:9/' } } },
        ],
      }));`,
  });
  const env = { PLAYWRIGHT_BROWSERS_PATH: path.join(project.folder, 'no-browsers') };
  const { found } = await findings(env, runCommand);
  const browsers = found.filter(({ id }) => id === 'browser');
  expect(browsers.map(({ result, seen, next }) => [result, seen, next])).toEqual([
    ['trouble', 'firefox is not installed.', 'Run: npx playwright install firefox'],
    ['trouble', 'webkit is not installed.', 'Run: npx playwright install webkit'],
    [
      'trouble',
      'The browser of channel "msedge-canary" cannot be started.',
      'Run: npx playwright install msedge-canary. Or remove the channel from the Playwright config.',
    ],
    ['ok', 'Browser: firefox, remote', undefined],
  ]);
  expect(browsers[2]?.known).toMatch(/^\S.*msedge-canary/);
  expect(found.filter(({ id }) => id === 'project-sessions')).toMatchObject([
    {
      result: 'trouble',
      seen: 'Projects "one", "two", "remote" use the session "admni", which is not declared.',
      known: 'Did you mean "admin"?',
      next: 'Correct authSession in the Playwright config, or declare the session in the sessions file.',
    },
  ]);
});

test('sessions that are altered or sealed with another key are a warning', async () => {
  const file = path.join(project.folder, 'auth-sessions.ts');
  const { sessions } = await loadAuthSessions(file, {});
  const store = createEncryptedFileStore({
    folder: path.join(project.folder, '.auth-sessions'),
    clock: systemClock,
  });
  const key = { bytes: new Uint8Array(32).fill(1), id: '0000000000000000' };
  const state = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
  const record = { id: 'a', session: 'admin', createdAtMs: 0, checkedAtMs: 0, state };
  const entryOf = (name: string) => entryKey(declared(sessions, name), siteUrl);
  await store.put(entryOf('admin'), await sealSession(record, { entryKey: entryOf('admin'), key }));
  await store.put(entryOf('customer'), 'altered');
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(0);
  expect(bad(found)).toEqual([
    expect.stringMatching(
      /^store warning: The store has entries that cannot be used here: admin \(.+\), customer \(.+\)\.$/,
    ),
  ]);
  expect(found.find(({ id }) => id === 'store')?.next).toContain('the same AUTH_SESSIONS_KEY');
});

test('a session whose application asks for device-bound sessions is a warning', async () => {
  const { sessions } = await loadAuthSessions(path.join(project.folder, 'auth-sessions.ts'), {});
  const folder = path.join(project.folder, '.auth-sessions');
  const explicitKey = new SecretValue(testStoreKey, 'key');
  const key = await loadStoreKey({ explicitKey, stateFolder: folder, randomBytes });
  const state = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
  const record = { id: 'a', session: 'admin', createdAtMs: 0, checkedAtMs: 0, isBindingAsked: true, state };
  const entry = entryKey(declared(sessions, 'admin'), siteUrl);
  const store = createEncryptedFileStore({ folder, clock: systemClock });
  await store.put(entry, await sealSession(record, { entryKey: entry, key }));
  const { exitCode, found } = await findings();
  expect([exitCode, bad(found)]).toEqual([
    0,
    ['store warning: The application asks for device-bound sessions (Secure-Session-Registration): admin.'],
  ]);
});

test('reports a missing vault credential on CI', async () => {
  const { found } = await findings({ CI: 'true' });
  expect(bad(found)).toEqual(['environment trouble: The vault credential is missing.']);
});

test('unreadable local credentials and an invalid seed are problems', async () => {
  const file = path.join(project.folder, '.env.auth-sessions');
  const text = await project.read('.env.auth-sessions');
  await writeFile(
    file,
    text.replace(/ADMIN__ONE_TIME_PASSWORD=.*/, "ADMIN__ONE_TIME_PASSWORD='no seed at all!'"),
  );
  const seedless = await findings();
  expect(bad(seedless.found)).toEqual([
    'references trouble: The TOTP seed in AUTOMATION__CONSULTATIONS_ADMIN__ONE_TIME_PASSWORD ' +
      '(.env.auth-sessions) is invalid.',
  ]);
  expect(seedless.stdout).not.toContain('no seed at all');
  await rm(file);
  await mkdir(file, { mode: 0o700 });
  const { found } = await findings();
  expect(bad(found)).toEqual([
    expect.stringMatching(/^(environment|references) trouble: .*\.env\.auth-sessions/),
  ]);
});

test('an unwritable store and an invalid key are problems', async () => {
  await writeFile(path.join(project.folder, '.auth-sessions'), 'a file in its place');
  expect(bad((await findings()).found)).toEqual([expect.stringMatching(/^store trouble: /)]);
  const { found, stdout } = await findings({ AUTH_SESSIONS_KEY: 'no-key-at-all' });
  expect(bad(found)).toEqual(['store trouble: AUTH_SESSIONS_KEY is not a valid key.']);
  expect(stdout).not.toContain('no-key-at-all');
});

test('reports a vault credential with too much access, and an unknown reference', async () => {
  const server = await createOnePasswordServer();
  try {
    const account = server.addAccount({ name: 'acme' });
    const [automation, payroll] = ['automation', 'payroll'].map((title) => account.addVault({ title }));
    for (const name of ['admin'])
      automation!.addItem(
        login({ title: `consultations-${name}`, username: 'someone', password: 'long enough, No. 93' }),
      );
    const { token } = account.addServiceAccount({ vaults: [{ vault: automation! }, { vault: payroll! }] });
    await project.write({
      'auth-sessions.ts': `
        import { defineAuthFlow, defineAuthSessions } from '@auth';
        const flow = defineAuthFlow({ create: async () => undefined });
        const of = (item) => ({ username: \`op://automation/\${item}/username\`, password: \`op://automation/\${item}/password\` });
        export default defineAuthSessions({ sessions: { admin: { flow, parameters: of('consultations-admin') } } });`,
    });
    const env = { OP_SERVICE_ACCOUNT_TOKEN: token };
    const { found, stdout } = await findings(env);
    expect(bad(found)).toEqual([
      'least-privilege warning: The vault credential has more access than the sessions need.',
    ]);
    expect(found.find(({ id }) => id === 'clock')).toMatchObject({ result: 'ok' });
    expect(stdout).not.toContain(token);
    const file = await project.read('auth-sessions.ts');
    await project.write({ 'auth-sessions.ts': file.replace("of('consultations-admin')", "of('nothing')") });
    expect(bad((await findings(env, runCommand)).found)[0]).toMatch(
      /^references trouble: .*op:\/\/automation\/nothing\/username/,
    );
  } finally {
    await server.close();
  }
});

test('local init writes missing keys once, readable only by their owner, and adds the file to .gitignore', async () => {
  await git('init', '--quiet');
  const text = await project.read('.env.auth-sessions');
  const kept = text.split('\n').filter((line) => !line.includes('CUSTOMER__'));
  await writeFile(path.join(project.folder, '.env.auth-sessions'), kept.join('\n'));
  const first = await runCommand(['local', 'init', '--json'], { folder: project.folder });
  expect(first.exitCode).toBe(0);
  expect(envelopeOf(first).data).toMatchObject({
    ignored: 'added',
    added: ['USERNAME', 'PASSWORD', 'ONE_TIME_PASSWORD'].map(
      (field) => `AUTOMATION__CONSULTATIONS_CUSTOMER__${field}`,
    ),
  });
  const written = await project.read('.env.auth-sessions');
  expect(written.startsWith(kept.join('\n'))).toBe(true);
  expect(written).toContain(
    '# customer.otp: op://automation/consultations-customer/one-time password?attribute=otp (a Base32 seed, or ' +
      'an otpauth://totp/… URI)\n' +
      "AUTOMATION__CONSULTATIONS_CUSTOMER__ONE_TIME_PASSWORD=''\n",
  );
  expect((await stat(path.join(project.folder, '.env.auth-sessions'))).mode & 0o777).toBe(0o600);
  const again = await runInProcess(['local', 'init'], { folder: project.folder });
  expect(again.stdout).toBe('✓ .env.auth-sessions already has every key.\n');
  expect(await project.read('.env.auth-sessions')).toBe(written);
  expect(await project.read('.gitignore')).toBe('/.env.auth-sessions\n');
});

test('local init appends to the last of several files, keeps its content, and restricts its mode', async () => {
  const text = await project.read('auth-sessions.ts');
  await project.write({
    'auth-sessions.ts': text.replace(
      'sessions: {',
      "local: { files: ['.env.shared', '.env.own'] }, sessions: {",
    ),
    '.env.shared': 'AUTOMATION__CONSULTATIONS_ADMIN__USERNAME="ada"\n# a comment',
    '.env.own': "export OTHER = 'kept'  # as it is\r\nAUTOMATION__CONSULTATIONS_ADMIN__PASSWORD=\r\n",
  });
  const own = path.join(project.folder, '.env.own');
  await chmod(own, 0o644);
  const before = [await project.read('.env.shared'), await project.read('.env.own')];
  const first = await runCommand(['local', 'init', '--json'], { folder: project.folder });
  const keys = [
    'ADMIN__ONE_TIME_PASSWORD',
    'CUSTOMER__USERNAME',
    'CUSTOMER__PASSWORD',
    'CUSTOMER__ONE_TIME_PASSWORD',
  ];
  const added = keys.map((key) => `AUTOMATION__CONSULTATIONS_${key}`);
  expect(envelopeOf(first)).toEqual({
    version: 1,
    command: 'local init',
    ok: true,
    data: { file: own, added, tightened: true, ignored: 'no repository' },
    errors: [],
  });
  expect([
    await project.read('.env.shared'),
    (await project.read('.env.own')).slice(0, before[1]?.length),
  ]).toEqual(before);
  const written = await project.read('.env.own');
  expect([...written.matchAll(/^(AUTOMATION\w+)=''$/gm)].map(([, key]) => key)).toEqual(added);
  expect((await stat(own)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  const again = await runCommand(['local', 'init', '--json'], { folder: project.folder });
  expect(envelopeOf(again).data).toEqual({
    file: own,
    added: [],
    tightened: false,
    ignored: 'no repository',
  });
  expect(await project.read('.env.own')).toBe(written);
  const { stdout } = await runCommand(['local', 'init'], { folder: project.folder });
  expect(stdout).toContain('No Git repository was found. Before you create one, add .env.own to .gitignore.');
});

test('local init creates a missing file, readable only by its owner', async () => {
  await rm(path.join(project.folder, '.env.auth-sessions'));
  const run = await runInProcess(['local', 'init'], { folder: project.folder });
  expect(run.stdout).toMatch(/^✓ \.env\.auth-sessions has 6 new keys; fill them in:\n/);
  expect(run.stdout).toMatch(/Then: npx playwright-auth-sessions create --all\n$/);
  const file = path.join(project.folder, '.env.auth-sessions');
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('scan finds values of the local credentials, and says where without showing them', async () => {
  const { password } = quickAccounts.admin;
  await project.write({
    'out/good.txt': 'nothing here',
    'out/deep/bad.json': JSON.stringify({ typed: password, again: Buffer.from(password).toString('base64') }),
  });
  const clean = await runInProcess(['scan', 'out/good.txt'], { folder: project.folder });
  expect(clean.exitCode).toBe(0);
  expect(clean.stdout).toMatch(/^✓ 1 file searched for \d+ secrets: none found\.\n$/);
  const found = await runCommand(['scan', 'out'], { folder: project.folder });
  expect(found.exitCode).toBe(1);
  expect(found.stdout).toContain(`✗ admin.password is in ${path.join('out', 'deep', 'bad.json')} (`);
  expect(found.stdout).not.toContain(password);
});
