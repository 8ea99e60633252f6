import { expect, test } from '@playwright/test';
import type { Finding } from '../../src/cli/doctor/finding.js';
import type { VaultAccess } from '../../src/core/vault-access.js';
import type { ListedSession } from '../../src/session/listed-session.js';
import { envelopeOf, runInProcess, testStoreKey } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { createOnePasswordServer, login, type OnePasswordServer } from '../support/onepassword/index.js';
import {
  createSignedInProject,
  quickAccounts,
  sessionOf,
  whoAmITests,
} from '../support/signed-in-project.js';
import { startFakeHashicorp } from '../support/vault/fake-hashicorp.js';

const { admin, customer } = quickAccounts;
/** 1Password gives a code without its period, so the sessions say it. */
const sessionOptions = 'totp: { periodSeconds: 4, digits: 6 },';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

/** The servers and service accounts of two tenants, whose items have the same names. */
let own: {
  readonly server: OnePasswordServer;
  readonly token: string;
  /** A token with more access than reading, and one that was revoked. */
  readonly writer: string;
  readonly revoked: string;
};
let staging: typeof own;
let site: ConsultationsSite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createConsultationsSite({ accounts: [admin, customer] });
  own = await openTenant({ admin, customer });
  staging = await openTenant({ admin: customer });
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions,
    options: "vaults: { staging: { integrationName: 'staging-tests', tokenExpires: '2026-01-31' } },",
    moreSessions: sessionOf('tenant', { account: 'admin', options: `${sessionOptions} vault: 'staging',` }),
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 1, { pages: 0 })}
        test('has neither token in its environment', () => {
          const names = Object.keys(process.env).filter((name) => /^OP_/i.test(name));
          const values = Object.values(process.env).filter((value) => value?.startsWith('ops_'));
          expect([...names, ...values]).toEqual([]);
        });`,
      'tenant.spec.ts': whoAmITests('tenant', 1, { pages: 0, account: 'customer' }),
    },
  });
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
  await own.server.close();
  await staging.server.close();
});

test('a run that has only one of its tokens stops before any request, and names the other connection', async () => {
  for (const [env, message] of [
    [{ OP_SERVICE_ACCOUNT_TOKEN: own.token }, 'but vault connection "staging" has none.'],
    [{ OP_SERVICE_ACCOUNT_TOKEN_STAGING: staging.token }, "but the suite's own vault has none."],
  ] as const) {
    const run = await project.run([], { env });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain(message);
    expect(run.output).not.toContain(Object.values(env).join());
  }
  expect([own.server.count(), staging.server.count()]).toEqual([0, 0]);
  expect(site.attempts(admin.email)).toBe(0);
});

test('two sessions with the same references sign in to two accounts, each by its token', async () => {
  const env = {
    CI: 'true',
    OP_SERVICE_ACCOUNT_TOKEN: own.token,
    OP_SERVICE_ACCOUNT_TOKEN_STAGING: staging.token,
  };
  const run = await project.run([], { env });
  expect(run.output).toContain('3 passed');
  expect(run.stdout).toContain(
    'deployed: 1Password (OP_SERVICE_ACCOUNT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are set) · 3 sessions, 9 references',
  );
  expect(run.stdout).toContain(
    ' · OP_SERVICE_ACCOUNT_TOKEN_STAGING expired on 2026-01-31: replace it, and tokenExpires',
  );
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);

  const agents = (server: OnePasswordServer) => server.requests().map(({ userAgent }) => userAgent);
  expect(agents(staging.server).join()).toContain('staging-tests');
  expect(agents(own.server).join()).not.toContain('staging-tests');
  for (const { server } of [own, staging]) {
    expect(server.count('sign-in-start')).toBe(1);
    expect(server.count('batch')).toBe(1);
  }
  const { totals, vaultBudgets } = await project.summary();
  const [sent, sentThere] = [own, staging].map(({ server }) => server.count());
  expect(vaultBudgets).toEqual([
    { sent, left: 500 - sent! },
    { connection: 'staging', sent: sentThere, left: 500 - sentThere! },
  ]);
  expect(totals).toMatchObject({
    signIns: 2,
    codes: 2,
    vaultRequests: own.server.count() + staging.server.count(),
  });

  const accesses = (await project.read('reports/output/vault-access.jsonl')).trim().split('\n');
  const read = accesses.map((line) => JSON.parse(line) as VaultAccess);
  const of = (session: string) =>
    new Set(read.filter((one) => one.session === session).map((one) => one.connection));
  expect([...of('admin')]).toEqual([undefined]);
  expect([...of('tenant')]).toEqual(['staging']);
  for (const text of [
    run.output,
    accesses.join('\n'),
    await project.read('reports/output/auth-sessions.json'),
  ])
    for (const secret of [own.token, staging.token, admin.password, customer.password])
      expect(text).not.toContain(secret);
});

test('list names the connection of each session', async () => {
  const env = { AUTH_SESSIONS_KEY: testStoreKey };
  const { stdout } = await runInProcess(['list'], { folder: project.folder, env });
  expect(stdout).toMatch(/^session +vault +type /m);
  expect(stdout).toMatch(/^admin +own +credentials /m);
  expect(stdout).toMatch(/^tenant +staging +credentials /m);
  const listed = envelopeOf(await runInProcess(['list', '--json'], { folder: project.folder, env }));
  const { sessions } = listed.data as { sessions: ListedSession[] };
  expect(sessions.map(({ name, vault }) => [name, vault])).toEqual([
    ['admin', null],
    ['customer', null],
    ['tenant', 'staging'],
  ]);
});

test('doctor looks at each connection with its own token', async () => {
  const found = async (env: Readonly<Record<string, string>>) => {
    const run = await runInProcess(['doctor', '--json'], { folder: project.folder, env });
    for (const secret of [own.token, staging.token, admin.password, customer.password])
      expect(run.stdout).not.toContain(secret);
    const { findings } = envelopeOf(run).data as { findings: Finding[] };
    const ids = ['environment', 'token-expiry', 'references', 'least-privilege', 'vault-requests', 'clock'];
    return findings.flatMap(({ id, result, seen }) => (ids.includes(id) ? [`${result}: ${seen}`] : []));
  };
  const tokens = {
    OP_SERVICE_ACCOUNT_TOKEN: own.token,
    OP_SERVICE_ACCOUNT_TOKEN_STAGING: staging.token,
  };
  const [ownHost, stagingHost] = [own, staging].map(({ server }) => new URL(server.url).host);
  for (const { server } of [own, staging]) server.resetCounts();
  const seen = await found(tokens);
  const sentTo = ({ server }: typeof own) => {
    const sent = server.count() - 1; // The check of the clock also asks the server, but not for the vault.
    return `${sent} sent, ${500 - sent} left of maxVaultRequests`;
  };
  expect(seen).toEqual([
    'ok: Environment: deployed, as OP_SERVICE_ACCOUNT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are set',
    'warning: OP_SERVICE_ACCOUNT_TOKEN_STAGING expired on 2026-01-31.',
    "ok: References of the suite's own vault: all 6 resolve",
    'ok: References of vault connection "staging": all 3 resolve',
    'ok: Least privilege: the vault credential can only read what the sessions use',
    'ok: Least privilege: the vault credential of connection "staging" can only read what the sessions use',
    `ok: Vault requests of the suite's own vault: ${sentTo(own)}`,
    `ok: Vault requests of vault connection "staging": ${sentTo(staging)}`,
    `ok: Clock: matches ${ownHost}`,
    `ok: Clock: matches ${stagingHost}`,
  ]);
  const broken = await found({ ...tokens, OP_SERVICE_ACCOUNT_TOKEN: own.writer });
  expect(broken).toContain('warning: The vault credential has more access than the sessions need.');
  const revoked = await found({ ...tokens, OP_SERVICE_ACCOUNT_TOKEN_STAGING: staging.revoked });
  expect(revoked).toContainEqual(expect.stringMatching(/^trouble: Vault connection "staging": /));
  expect(revoked).toContain('ok: Least privilege: the vault credential can only read what the sessions use');
});

test("a suite signs in from the documentation's vault and from 1Password, each with its credential", async () => {
  const hashicorp = await startFakeHashicorp();
  const { email, password, totp } = admin;
  const otp = `otpauth://totp/x?secret=${totp.secret}&period=${totp.periodSeconds}`;
  hashicorp.write('automation', 'consultations-admin', {
    username: email,
    password,
    'one-time password': otp,
  });
  const [example = ''] = codeBlocks('docs/vaults.md', 'A vault other than 1Password');
  const other = await createSignedInProject({
    siteUrl: site.url,
    options: `vault: hashicorp('${hashicorp.url}'), vaults: { staging: {} },`,
    moreSessions: sessionOf('tenant', { account: 'admin', options: `${sessionOptions} vault: 'staging',` }),
    tests: {
      'admin.spec.ts': `${whoAmITests('admin', 2, { pages: 0 })}
        test('has no credential of a vault in its environment', () => {
          const names = Object.keys(process.env).filter((name) => /^(OP_|AUTH_SESSIONS_VAULT)/i.test(name));
          expect(names).toEqual([]);
        });`,
      'tenant.spec.ts': whoAmITests('tenant', 1, { pages: 0, account: 'customer' }),
    },
    files: { 'hashicorp.ts': example },
  });
  try {
    const sessions = await other.read('auth-sessions.ts');
    await other.write({ 'auth-sessions.ts': `import { hashicorp } from './hashicorp.js';\n${sessions}` });
    staging.server.resetCounts();
    const env = {
      CI: 'true',
      AUTH_SESSIONS_VAULT_TOKEN: hashicorp.token,
      OP_SERVICE_ACCOUNT_TOKEN_STAGING: staging.token,
    };
    const run = await other.run(['--workers=2'], { env });
    expect(run.output).toContain('4 passed');
    expect(run.stdout).toContain(
      'deployed: hashicorp and 1Password (AUTH_SESSIONS_VAULT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are set)',
    );
    // Each call of its function looks at the token first. The first call reads all values.
    const [first, ...items] = hashicorp.asked.slice(0, 3);
    expect(first).toBe('auth/token/lookup-self');
    expect(items.sort()).toEqual(
      ['admin', 'customer'].map((name) => `automation/data/consultations-${name}`),
    );
    const calls = hashicorp.asked.filter((path) => path === first);
    const { totals } = await other.summary();
    expect(totals).toMatchObject({ signIns: 2, codes: 2 });
    expect(totals.vaultRequests).toBe(calls.length + staging.server.count());
    const lines = (await other.read('reports/output/vault-access.jsonl')).trim().split('\n');
    // The values of the customer, who is not signed in either, are read with those of the admin.
    const kinds = lines
      .map((line) => JSON.parse(line) as VaultAccess)
      .map((one) => `${one.session} ${one.vault}`);
    expect([...new Set(kinds)].sort()).toEqual(['admin defined', 'customer defined', 'tenant one-password']);
    for (const secret of [hashicorp.token, staging.token, password, totp.secret])
      expect(run.output + lines.join()).not.toContain(secret);
  } finally {
    await other.remove();
    await hashicorp.close();
  }
});

/** A tenant with an item for each name. */
async function openTenant(accounts: Readonly<Record<string, typeof admin>>): Promise<typeof own> {
  const server = await createOnePasswordServer();
  const account = server.addAccount({ name: 'acme' });
  const automation = account.addVault({ title: 'automation' });
  for (const [name, { email, password, totp }] of Object.entries(accounts)) {
    const { secret, algorithm, periodSeconds } = totp;
    automation.addItem(
      login({
        title: `consultations-${name}`,
        username: email,
        password,
        totp: `otpauth://totp/x?secret=${secret}&algorithm=${algorithm.toUpperCase()}&period=${periodSeconds}`,
      }),
    );
  }
  const revoked = account.addServiceAccount({ vaults: [{ vault: automation }] });
  revoked.revoke();
  const writer = account.addServiceAccount({
    vaults: [{ vault: automation, permissions: ['read_items', 'write_items'] }],
  });
  const { token } = account.addServiceAccount({ vaults: [{ vault: automation }] });
  return { server, token, writer: writer.token, revoked: revoked.token };
}
