import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { envelopeOf, runInProcess } from '../support/command-line.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import {
  createOnePasswordServer,
  login,
  type OnePasswordServer,
  type Permission,
  type ServiceAccount,
} from '../support/onepassword/index.js';

interface Bench {
  readonly project: NestedProject;
  readonly server: OnePasswordServer;
  /** A service account of the vault that the session's references name. */
  serviceAccount(permissions?: readonly Permission[]): ServiceAccount;
  findings(env: Readonly<Record<string, string>>): Promise<Looked>;
}

interface Looked {
  readonly exitCode: number | null;
  readonly found: readonly Finding[];
  readonly notLookedAt: readonly string[];
  readonly stdout: string;
}

const test = base.extend<{ bench: Bench; options: string; urls: readonly string[] }>({
  options: ['', { option: true }],
  urls: [[], { option: true }],
  bench: async ({ options, urls }, use) => {
    const server = await createOnePasswordServer();
    const project = await createNestedProject({
      'playwright.config.ts': `
        import { defineConfig } from '@playwright/test';
        import { withAuthSessions } from '@auth';
        export default defineConfig(withAuthSessions('./auth-sessions.ts', { use: { baseURL: '${server.url}' } }));`,
      'auth-sessions.ts': `
        import { defineAuthFlow, defineAuthSessions } from '@auth';
        const flow = defineAuthFlow({ create: async () => undefined });
        const parameters = { username: 'op://automation/admin/username', password: 'op://automation/admin/password' };
        export default defineAuthSessions({ ${options} sessions: { admin: { flow, parameters } } });`,
    });
    const account = server.addAccount({ name: 'acme' });
    const vault = account.addVault({ title: 'automation' });
    vault.addItem(login({ title: 'admin', username: 'ada@shop.example', password, urls }));
    await use({
      project,
      server,
      serviceAccount: (permissions) =>
        account.addServiceAccount({ vaults: [{ vault, ...(permissions && { permissions }) }] }),
      async findings(env) {
        const run = await runInProcess(['doctor', '--json'], { folder: project.folder, env });
        expect(run.stdout).not.toContain(password);
        const data = envelopeOf(run).data as { findings: Finding[]; notLookedAt: string[] };
        return { ...run, found: data.findings, notLookedAt: data.notLookedAt };
      },
    });
    await server.close();
    await project.remove();
  },
});

test.describe.configure({ timeout: 300_000 });

const password = 'a password of the vault';

function bad(found: readonly Finding[]): string[] {
  return found
    .filter(({ result }) => result !== 'ok')
    .map(({ id, result, seen }) => `${id} ${result}: ${seen}`);
}

function one(found: readonly Finding[], id: string): Finding | undefined {
  return found.find((finding) => finding.id === id);
}

test('finds no problem with a service account that reads one vault', async ({ bench }) => {
  const { token } = bench.serviceAccount();
  const { exitCode, found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
  expect(bad(found)).toEqual([]);
  expect(exitCode).toBe(0);
  expect(one(found, 'environment')?.seen).toContain('Environment: deployed, as ');
  expect(one(found, 'clock')?.seen).toBe(`Clock: matches ${new URL(bench.server.url).host}`);
});

test('reports a service account with more than read access, and its permissions', async ({ bench }) => {
  const { token } = bench.serviceAccount(['read_items', 'write_items', 'share_items']);
  const { exitCode, found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
  expect(exitCode).toBe(0);
  expect(bad(found)).toEqual([
    'least-privilege warning: The vault credential has more access than the sessions need.',
  ]);
  expect(one(found, 'least-privilege')?.known).toMatch(
    /^It has more than read access to vault "automation": \w+/,
  );
});

test('a malformed token and a revoked one are problems', async ({ bench }) => {
  const none = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: 'ops_no-token-at-all' });
  expect(none.exitCode).toBe(1);
  expect(bad(none.found)).toContainEqual(expect.stringMatching(/^references trouble: .*token/i));
  expect(none.stdout).not.toContain('no-token-at-all');
  const account = bench.serviceAccount();
  account.revoke();
  const revoked = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: account.token });
  expect(bad(revoked.found)).toContainEqual(expect.stringMatching(/^references trouble: /));
  expect(revoked.notLookedAt).toContain('least-privilege');
});

test('an unreadable token file is a problem, and checks that depend on it are left out', async ({
  bench,
}) => {
  const file = path.join(bench.project.folder, 'nowhere/token');
  const { exitCode, found, notLookedAt } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN_FILE: file });
  expect(exitCode).toBe(1);
  expect(bad(found)).toEqual([`environment trouble: The file ${file} has no service account token.`]);
  expect(one(found, 'environment')?.next).toContain('Write the token into it');
  expect(notLookedAt).toEqual(
    expect.arrayContaining(['references', 'least-privilege', 'clock', 'short-values', 'store']),
  );
});

test('unavailable permissions are a separate problem', async ({ bench }) => {
  const { token } = bench.serviceAccount();
  bench.server.fault({ kind: 'status', status: 403, match: 'vault' });
  const { exitCode, found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
  expect(exitCode).toBe(1);
  expect(one(found, 'references')?.result).toBe('ok');
  expect(bad(found)).toEqual([expect.stringMatching(/^least-privilege trouble: /)]);
});

for (const { what, aheadMs, result, seen } of [
  { what: 'minutes off', aheadMs: 120_000, result: 'trouble', seen: /is \d{3} s ahead of 127\.0\.0\.1/ },
  {
    what: 'some seconds off',
    aheadMs: -20_000,
    result: 'warning',
    seen: /is \d+ s behind 127\.0\.0\.1/,
  },
] as const)
  test(`reports a clock that is ${what} against the vault's server`, async ({ bench }) => {
    const { token } = bench.serviceAccount();
    const date = new Date(Date.now() - aheadMs).toUTCString();
    bench.server.fault({ kind: 'status', status: 200, headers: { date }, match: { method: 'HEAD' } });
    const { found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
    expect(one(found, 'clock')).toMatchObject({ result });
    expect(one(found, 'clock')?.seen).toMatch(seen);
  });

test('a server that is not reachable, or sends no date, is a warning', async ({ bench }) => {
  const { token } = bench.serviceAccount();
  const silent = bench.server.fault({ kind: 'reset', match: { method: 'HEAD' } });
  const broken = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
  expect(silent.hits()).toBe(1);
  expect(one(broken.found, 'clock')).toMatchObject({
    result: 'warning',
    known: 'It could not be reached; a proxy may be in between.',
  });
  bench.server.clearFaults();
  bench.server.fault({ kind: 'status', status: 200, headers: { date: 'soon' }, match: { method: 'HEAD' } });
  const vague = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
  expect(one(vague.found, 'clock')).toMatchObject({
    result: 'warning',
    known: 'Its response has no date.',
  });
});

test.describe('an item with websites', () => {
  test.use({ urls: ['https://shop.example/sign-in', 'https://id.example'] });

  test('is a warning if none of them is the base URL, without another request', async ({ bench }) => {
    const { token } = bench.serviceAccount();
    const { exitCode, found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
    expect(exitCode).toBe(0);
    expect(bad(found)).toEqual([
      `websites warning: Session "admin": its item's websites in 1Password do not permit ${bench.server.url}.`,
    ]);
    expect(one(found, 'websites')?.known).toContain(
      'stops with ERR_WEBSITE_MISMATCH. The websites are https://shop.example, https://id.example.',
    );
    expect(bench.server.count('overviews')).toBe(2);
  });
});

test.describe('an item whose websites are those of the suite', () => {
  test.use({ urls: ['http://127.0.0.1'] });

  test('permits the base URL', async ({ bench }) => {
    const { token } = bench.serviceAccount();
    const { found } = await bench.findings({ OP_SERVICE_ACCOUNT_TOKEN: token });
    expect(one(found, 'websites')).toMatchObject({
      result: 'ok',
      seen: 'Websites: they permit the base URL of each session',
    });
  });
});

test.describe('a project that skips tests without a credential', () => {
  test.use({ options: "whenMissing: 'skip'," });

  test('a missing credential is a warning, and the vault is not checked', async ({ bench }) => {
    const { exitCode, found, notLookedAt } = await bench.findings({ CI: 'true' });
    expect(exitCode).toBe(0);
    expect(bad(found)).toEqual(['environment warning: Tests that need a session are skipped here.']);
    expect(one(found, 'environment')?.next).toBe('Set the missing credential to run them.');
    expect(notLookedAt).toEqual(expect.arrayContaining(['references', 'least-privilege', 'short-values']));
  });
});
