import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { VaultAccess } from '../../src/core/vault-access.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import {
  createOnePasswordServer,
  login,
  type Account,
  type OnePasswordServer,
  type Vault,
} from '../support/onepassword/index.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;
/** 1Password gives a code without its period, so the sessions say it. */
const sessionOptions = 'totp: { periodSeconds: 4, digits: 6 },';

test.describe.configure({ timeout: 120_000 });

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

test('a token from a file signs in; what it can do too much, and who asked for what, is in the reports', async () => {
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
      'admin.spec.ts': `${whoAmITests('admin', 2)}
        test('sees no secret in its environment', () => {
          const names = ['OP_SERVICE_ACCOUNT_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN_FILE', 'OP_INTEGRATION_KEY',
            'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'AUTH_SESSIONS_KEY'];
          expect(names.filter((name) => name in process.env)).toEqual([]);
        });`,
    },
  });
  const file = path.join(project.folder, 'token');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  const run = await project.run([], {
    env: {
      CI: 'true',
      OP_SERVICE_ACCOUNT_TOKEN_FILE: file,
      OP_INTEGRATION_KEY: 'ops_key',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://actions.example?x=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request token',
    },
  });
  expect(run.output).toContain('3 passed');
  expect(run.output).toContain('deployed: 1Password (OP_SERVICE_ACCOUNT_TOKEN_FILE is set)');
  const warnings = [
    'least privilege: the vault credential also reaches what no session uses: "payroll"',
    'least privilege: the vault credential may do more than read in vault "automation": write_items',
  ];
  for (const warning of warnings) expect(run.output).toContain(`warning: ${warning}`);
  const summary = await project.summary();
  expect(summary.warnings).toEqual(warnings);
  expect(summary.totals.vaultRequests).toBe(server.count());
  const lines = await accessesOf(project);
  expect(
    lines
      .filter(({ session }) => session === 'admin')
      .map(({ reference, why, from, outcome }) => [reference, why, from, outcome]),
  ).toEqual(
    ['username', 'password', 'one-time password?attribute=otp'].map((field) => [
      `op://automation/consultations-admin/${field}`,
      'create',
      'vault',
      'resolved',
    ]),
  );
});

test('a run that asks too often is stopped before it does', async () => {
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: { 'admin.spec.ts': whoAmITests('admin', 2) },
    options: 'onePassword: { maxVaultRequests: 6 },',
  });
  const run = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(run.output).toContain('This run has made its 6 requests to 1Password.');
  expect(run.output).toContain('[ERR_VAULT_BUDGET_SPENT]');
  expect(server.count()).toBe(6);
  expect(site.attempts(admin.email)).toBe(0);
});

test('strictly, a token that can do too much signs nobody in', async () => {
  const permissions = ['read_items', 'share_items'] as const;
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation, permissions }] });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    options: 'strictLeastPrivilege: true,',
  });
  const run = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(run.output).toContain('[ERR_LEAST_PRIVILEGE]');
  expect(server.count('batch')).toBe(0);
  expect(site.attempts(admin.email)).toBe(0);
});

async function accessesOf({ folder }: NestedProject): Promise<VaultAccess[]> {
  const text = await readFile(path.join(folder, 'reports/output/vault-access.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as VaultAccess);
}
