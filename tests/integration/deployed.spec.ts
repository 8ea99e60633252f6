import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createOnePasswordServer, login, type OnePasswordServer } from '../support/onepassword/index.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;
const tests = {
  'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }),
  'customer.spec.ts': whoAmITests('customer', 2),
};
/** 1Password gives a code without its period, so the sessions say it. */
const sessionOptions = 'totp: { periodSeconds: 4, digits: 6 },';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

let site: ConsultationsSite;
let vault: OnePasswordServer;
let project: NestedProject;
let token: string;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  vault = await createOnePasswordServer();
  const account = vault.addAccount({ name: 'acme' });
  const automation = account.addVault({ title: 'automation' });
  for (const [name, { email, password, totp }] of Object.entries(quickAccounts))
    automation.addItem(
      login({
        title: `consultations-${name}`,
        username: email,
        password,
        totp: `otpauth://totp/x?secret=${totp.secret}&algorithm=${totp.algorithm.toUpperCase()}&period=${totp.periodSeconds}`,
      }),
    );
  token = account.addServiceAccount({ vaults: [{ vault: automation }] }).token;
});

test.afterEach(async () => {
  await project.remove();
  await vault.close();
  await site.close();
});

test('a deployed run of logins reads the vault once when cold and not at all when warm', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests, sessionOptions, byLogin: true });
  await project.write({ '.env.auth-sessions': '' });
  const env = { OP_SERVICE_ACCOUNT_TOKEN: token, CI: 'true' };

  const cold = await project.run([], { env });
  expect(cold.output).toContain('4 passed');
  expect(cold.stdout).toContain(
    'Auth sessions: deployed: 1Password (OP_SERVICE_ACCOUNT_TOKEN is set) · 2 sessions, 6 references',
  );
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  expect(vault.count('batch')).toBe(1);
  expect(cold.output).not.toContain(token);

  vault.resetCounts();
  const warm = await project.run([], { env });
  expect(warm.output).toContain('4 passed');
  expect(vault.count()).toBe(0);
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  expect((await project.summary()).totals).toMatchObject({ signIns: 0, vaultRequests: 0, codes: 0 });
});

test('a token that 1Password rejects is the same clear error for every test', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests, sessionOptions });
  const run = await project.run([], {
    env: { OP_SERVICE_ACCOUNT_TOKEN: 'ops_this-is-no-token-but-has-the-length-of-one' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('[ERR_VAULT_CREDENTIAL_INVALID]');
  expect(run.output).not.toContain('ops_this');
  expect(site.attempts(admin.email)).toBe(0);
});

test('the error of an unknown reference names it', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }) },
    moreSessions: `admin: { flow: consultations, parameters: {
      username: 'op://automation/consultations-admin/usernam', password: 'op://automation/nothing/password' } },`,
  });
  const { output } = await project.run([], { env: { OP_SERVICE_ACCOUNT_TOKEN: token } });
  expect(output).toMatch(
    /Secret reference "op:\/\/automation\/consultations-admin\/usernam"\s+cannot\s+be\s+resolved\.\s+The\s+item\s+has\s+no\s+such\s+field\./,
  );
  expect(output).toContain('Secret reference "op://automation/nothing/password"');
  expect(output).toContain('[ERR_VAULT_NOT_FOUND]');
  expect(output).not.toContain(admin.password);
});
