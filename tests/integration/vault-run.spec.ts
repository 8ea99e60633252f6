import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { VaultAccess } from '../../src/core/vault-access.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { startGithubJob } from '../support/onepassword/github-job.js';
import {
  createOnePasswordServer,
  login,
  type Account,
  type OnePasswordServer,
  type Vault,
} from '../support/onepassword/index.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;
/** 1Password gives a code without its period, so the sessions say it. */
const sessionOptions = 'totp: { periodSeconds: 4, digits: 6 },';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

let site: ConsultationsSite;
let server: OnePasswordServer;
let account: Account;
let automation: Vault;
let project: NestedProject | undefined;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  server = await createOnePasswordServer();
  account = server.addAccount({ name: 'acme' });
  automation = account.addVault({ title: 'automation' });
  for (const [name, { email, password, totp }] of Object.entries(quickAccounts))
    automation.addItem(
      login({
        title: `consultations-${name}`,
        username: email,
        password,
        totp: `otpauth://totp/x?secret=${totp.secret}&algorithm=${totp.algorithm.toUpperCase()}&period=${totp.periodSeconds}`,
      }),
    );
});

test.afterEach(async () => {
  await project?.remove();
  project = undefined;
  await server.close();
  await site.close();
});

test('a token from a file signs in; its excess access and the vault requests are in the reports', async () => {
  account.addVault({ title: 'payroll' });
  const vaults = account.vaults.map((vault) => ({
    vault,
    permissions: ['read_items', 'write_items'] as const,
  }));
  const { token } = account.addServiceAccount({ vaults });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 2, { pages: 0 })}
        test('sees no secret in its environment', () => {
          const names = ['OP_SERVICE_ACCOUNT_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN_FILE', 'OP_INTEGRATION_KEY',
            'AUTH_SESSIONS_KEY'];
          expect(names.filter((name) => name in process.env)).toEqual([]);
        });
        test("has the job's identity, which is no way to this vault", () => {
          expect(process.env.ACTIONS_ID_TOKEN_REQUEST_URL).toBe('https://actions.example?x=1');
          expect(process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN).toBe('request token');
        });`,
    },
  });
  const file = path.join(project.folder, 'token');
  await writeFile(file, `${token}\n`, { mode: 0o644 });
  const run = await project.run([], {
    env: {
      CI: 'true',
      DEBUG: 'pw:api,pw:browser',
      OP_SERVICE_ACCOUNT_TOKEN_FILE: file,
      OP_INTEGRATION_KEY: 'ops_key',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://actions.example?x=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request token',
    },
  });
  expect(run.output).toContain('4 passed');
  expect(run.output).toContain('deployed: 1Password (OP_SERVICE_ACCOUNT_TOKEN_FILE is set)');
  const warnings = [
    ...(process.platform === 'win32'
      ? []
      : [`other users of this machine can access the vault credential in ${file}: run chmod 600 on it`]),
    'least privilege: the vault credential can also read vaults that no session uses: "payroll"',
    'least privilege: the vault credential has more than read access to vault "automation": write_items',
  ];
  for (const warning of warnings) expect(run.output).toContain(`warning: ${warning}`);
  const summary = await project.summary();
  expect(summary.warnings).toEqual(warnings);
  expect(summary.totals.vaultRequests).toBe(server.count());
  const lines = await accessesOf(project);
  const told = [run.output, JSON.stringify(lines), JSON.stringify(summary)].join('\n');
  for (const secret of [token, ...Object.values(quickAccounts).map(({ password }) => password)])
    expect(told).not.toContain(secret);
  expect(
    lines
      .filter(({ session }) => session === 'admin')
      .map(({ reference, why, from, outcome }) => [reference, why, from, outcome]),
  ).toEqual(
    [
      { field: 'username', from: 'vault' },
      { field: 'password', from: 'vault' },
      // Read to check the seed; and handed out, where its time step has not ended.
      { field: 'one-time password?attribute=otp', from: 'vault' },
      {
        field: 'one-time password?attribute=otp',
        from: expect.stringMatching(/^(?:vault|memory)$/) as unknown,
      },
    ].map(({ field, from }) => [
      `op://automation/consultations-admin/${field}`,
      ...['create', from, 'resolved'],
    ]),
  );
});

test('a job signs in from an Environment alone, by its identity, and no worker gets either (a seam is the enclave)', async () => {
  const { email, password, totp } = admin;
  const seed = `otpauth://totp/x?secret=${totp.secret}&algorithm=${totp.algorithm.toUpperCase()}&period=${totp.periodSeconds}`;
  const variables = {
    ADMIN_USERNAME: email,
    ADMIN_PASSWORD: password,
    ADMIN_OTP: seed,
    UNUSED: 'never asked for',
  };
  const environment = account.addEnvironment({ name: 'staging', variables });
  const subject = 'repo:acme/shop:ref:refs/heads/main';
  const workload = account.addWorkload({ subject, environments: [environment] });
  const job = await startGithubJob(subject);
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 2, { pages: 0 })}
        test('sees nothing of the identity', () => {
          const names = ['OP_INTEGRATION_KEY', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
          expect(names.filter((name) => name in process.env)).toEqual([]);
        });`,
    },
    accounts: {},
    files: {
      'auth-sessions.ts': `
        import { defineAuthSessions } from '@auth';
        import consultations from './consultations.js';
        export default defineAuthSessions({
          codes: { minRemainingSeconds: 1 },
          onePassword: { auth: { workloadIdentity: { workloadUuid: '${workload.id}' } } },
          sessions: {
            admin: {
              flow: consultations,
              parameters: {
                username: 'op-env://\${OP_ENVIRONMENT_ID}/ADMIN_USERNAME',
                password: 'op-env://\${OP_ENVIRONMENT_ID}/ADMIN_PASSWORD',
                otp: 'op-env://\${OP_ENVIRONMENT_ID}/ADMIN_OTP?attribute=otp',
              },
            },
          },
        });`,
    },
  });
  const seam = new URL('../support/onepassword/workload-seam.mjs', import.meta.url).href;
  const run = await project.run([], {
    env: {
      CI: 'true',
      NODE_OPTIONS: `--import ${seam}`,
      OP_ENVIRONMENT_ID: environment.id,
      OP_INTEGRATION_KEY: workload.integrationKey,
      ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
    },
  });
  await job.close();
  expect(run.output).toContain('3 passed');
  expect(run.output).toContain('deployed: 1Password (onePassword.auth.workloadIdentity is set)');
  expect(site.attempts(email)).toBe(1);
  // The values with one call of the SDK, and each code with another.
  const requests = server.requests().map(({ route }) => route);
  expect(requests.slice(0, 3)).toEqual(['exchange-token', 'configurations', 'enclave']);
  expect(new Set(requests)).toEqual(new Set(['exchange-token', 'configurations', 'enclave']));
  const summary = await project.summary();
  expect(summary.totals.vaultRequests).toBe(server.count());
  const accesses = await accessesOf(project);
  expect(new Set(accesses.map(({ vault, outcome }) => `${vault} ${outcome}`))).toEqual(
    new Set(['one-password resolved']),
  );
  expect(new Set(accesses.map(({ reference }) => reference.split('/').at(-1)))).toEqual(
    new Set(['ADMIN_USERNAME', 'ADMIN_PASSWORD', 'ADMIN_OTP?attribute=otp']),
  );
  const secrets = [password, seed, totp.secret, workload.integrationKey, job.requestToken];
  const written = [run.output, await everythingIn(project.folder)].join('\n');
  for (const secret of [...secrets, variables.UNUSED]) expect(written).not.toContain(secret);
});

test('a reference to an item under workload identity ends the run before any request', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }) },
    options: `onePassword: { auth: { workloadIdentity: { workloadUuid: '${'a'.repeat(26)}' } } },`,
  });
  const run = await project.run([], {
    env: {
      CI: 'true',
      OP_INTEGRATION_KEY: 'ops_key',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://actions.example?x=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request token',
    },
  });
  expect(run.output).toContain(
    'Session "admin": a workload identity cannot read username, password, otp. ' +
      '"op://automation/consultations-admin/username" is in a vault, and 1Password gives a workload only Environments.',
  );
  expect(run.exitCode).toBe(1);
  expect(site.attempts(admin.email)).toBe(0);
});

test('reports a missing 1Password app once for all tests', async () => {
  test.skip(process.platform !== 'linux', 'an app may be there');
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }) },
    options: "onePassword: { auth: { desktopAccount: 'acme' } },",
  });
  const run = await project.run();
  expect(run.output).toContain('deployed: 1Password (onePassword.auth.desktopAccount is set)');
  expect(run.output).toMatch(
    /The 1Password app is not available\.\s+It is not installed on this machine, or too old\.\s+Install the 1Password app/,
  );
  expect(run.output).not.toContain('Native library');
  expect(run.exitCode).toBe(1);
  expect(site.attempts(admin.email)).toBe(0);
});

test('the 1Password app is asked once per run, for two workers and sessions (a stand-in is its library)', async () => {
  const { token } = account.addServiceAccount({
    vaults: [{ vault: automation, permissions: ['read_items'] }],
  });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: {
      'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }),
      'customer.spec.ts': whoAmITests('customer', 2, { pages: 0 }),
    },
    options: "onePassword: { auth: { desktopAccount: 'acme' } },",
  });
  const tokenFile = path.join(project.folder, 'desktop-seam-token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const seam = new URL('../support/onepassword/desktop-seam.mjs', import.meta.url).href;
  const env = { NODE_OPTIONS: `--import ${seam}`, DESKTOP_SEAM_TOKEN_FILE: tokenFile };
  const asked = async () => (await readFile(`${tokenFile}.asked`, 'utf8')).trim().split('\n');

  const run = await project.run(['--workers=2'], { env });
  expect(run.output).toContain('4 passed');
  expect(run.output).toContain('deployed: 1Password (onePassword.auth.desktopAccount is set)');
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  expect(await asked()).toEqual([expect.stringMatching(/^\d+ acme$/)]);

  // The stored sessions are still valid.
  const warm = await project.run(['--workers=2'], { env });
  expect(warm.output).toContain('4 passed');
  expect(await asked()).toHaveLength(1);

  const onCi = await project.run([], { env: { ...env, CI: 'true' } });
  expect(onCi.output).toContain('OP_SERVICE_ACCOUNT_TOKEN is not set');
  expect(onCi.exitCode).toBe(1);
  expect(await asked()).toHaveLength(1);
});

for (const match of ['sign-in-start', 'item'] as const)
  test(`SIGINT ends a run at once that waits for 1Password at ${match}, and leaves nothing`, async () => {
    test.skip(process.platform === 'win32', 'Windows has no SIGINT to send');
    const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
    project = await createSignedInProject({
      siteUrl: site.url,
      sessionOptions,
      tests: { 'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }) },
      options: 'onePassword: { deadlineSeconds: 100 },',
      config: 'timeout: 100_000,',
    });
    const temporary = path.join(project.folder, 't');
    await mkdir(temporary);
    const handle = server.fault({ match, kind: 'hang' });
    const run = project.start([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token, TMPDIR: temporary } });
    const isWaiting = expect.poll(() => handle.hits(), { timeout: 110_000 }).toBe(1);
    const endedBefore = run.ended.then((ended) => expect(ended.output).toBe('still waiting'));
    await Promise.race([isWaiting, endedBefore]);
    const startMs = performance.now();
    run.process.kill('SIGINT');
    endedBefore.catch(() => undefined);
    const { exitCode, output } = await run.ended;
    // Of the 100 s that it would have waited.
    expect(performance.now() - startMs).toBeLessThan(8000);
    expect(exitCode).toBe(130);
    expect(output).not.toContain(token);
    expect(server.openRequests()).toBe(0);
    expect(await leftIn(temporary)).toEqual([]);
    expect((await project.summary()).totals.vaultRequests).toBe(server.count());
  });

test('stops a run before it exceeds its limit of vault requests', async () => {
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: { 'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }) },
    options: 'onePassword: { maxVaultRequests: 6 },',
  });
  const run = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(run.output).toContain('This run has reached its limit of 6 requests to 1Password.');
  expect(run.output).toContain('[ERR_VAULT_BUDGET_SPENT]');
  expect(server.count()).toBe(6);
  expect(site.attempts(admin.email)).toBe(0);
});

test("a session signs in on the websites of its item only, and a refusal isn't a rejection", async () => {
  for (const [name, urls] of [
    ['admin', ['https://shop.example']],
    ['customer', [site.url]],
  ] as const) {
    const { email, password, totp } = quickAccounts[name];
    automation.items.find(({ title }) => title === `consultations-${name}`)?.remove();
    const seed = `otpauth://totp/x?secret=${totp.secret}&algorithm=${totp.algorithm.toUpperCase()}&period=${totp.periodSeconds}`;
    automation.addItem(
      login({ title: `consultations-${name}`, username: email, password, totp: seed, urls }),
    );
  }
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: {
      'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }),
      'customer.spec.ts': whoAmITests('customer', 1, { pages: 0 }),
    },
  });
  const run = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(run.output).toContain(
    `Session "admin": its sign-in was stopped before admin.username went to ${site.url}.`,
  );
  expect(run.output).toContain('Its item has the website https://shop.example.');
  expect(run.output).toContain('[ERR_WEBSITE_MISMATCH]');
  expect(run.output).not.toContain('ERR_CREDENTIALS_REJECTED');
  expect(run.output).toMatch(/2 failed[^]*1 passed/);
  expect([admin, customer].map(({ email }) => site.attempts(email))).toEqual([0, 1]);
  expect((await project.summary()).totals).toMatchObject({ signIns: 2, vaultRequests: server.count() });
  // One for the values, and one for the websites of all items of the vault.
  expect(server.count('overviews')).toBe(2);
});

test('with strictLeastPrivilege, a token with too much access signs in no session', async () => {
  const permissions = ['read_items', 'share_items'] as const;
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation, permissions }] });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }) },
    options: 'strictLeastPrivilege: true,',
  });
  const run = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(run.output).toContain('[ERR_LEAST_PRIVILEGE]');
  expect(server.count('batch')).toBe(0);
  expect(site.attempts(admin.email)).toBe(0);
});

/** Playwright removes its browser's own folders in its own time. */
async function leftIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('auth-sessions'));
}

/** The bytes of all files of a project. */
async function everythingIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile());
  const texts = files.map((one) => readFile(path.join(one.parentPath, one.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

async function accessesOf({ folder }: NestedProject): Promise<VaultAccess[]> {
  const text = await readFile(path.join(folder, 'reports/output/vault-access.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as VaultAccess);
}
