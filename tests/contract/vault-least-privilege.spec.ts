import { expect, test } from '@playwright/test';
import type { Vault as VaultPort } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { withLeastPrivilege } from '../../src/credentials/least-privilege.js';
import { systemClock } from '../../src/time/system-clock.js';
import { createLocalVault } from '../../src/vault/local/local.js';
import { login, type Permission, type Vault } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { openOnePasswordBench, type OnePasswordBench } from '../support/vault/one-password-bench.js';

const password = parseSecretReference('op://automation/admin/password');
const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');

let bench: OnePasswordBench;
let warnings: string[];

test.beforeEach(async () => {
  bench = await openOnePasswordBench();
  bench.automation.addItem(
    login({ title: 'admin', password: 'correct horse', totp: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }),
  );
  warnings = [];
});

test.afterEach(() => bench.close());

test('gives no warning for a token that reads only the vault in use', async () => {
  const vault = withToken([{ vault: bench.automation }]);
  await vault.resolveAll([password]);
  await expect.poll(() => bench.server.count({ path: /accessors/ })).toBe(1);
  await vault.readCode(code);
  await vault.resolveAll([password]);
  expect(warnings).toEqual([]);
  expect(bench.server.count({ path: /accessors/ })).toBe(1);
});

test('warns of vaults that no session uses, and of what is more than reading', async () => {
  const others = Array.from({ length: 7 }, (_, index) => bench.account.addVault({ title: `other-${index}` }));
  const vault = withToken([
    { vault: bench.automation, permissions: ['read_items', 'write_items', 'share_items'] },
    ...others.map((other) => ({ vault: other })),
  ]);
  await vault.resolveAll([password]);
  await expect.poll(() => warnings.length).toBe(2);
  expect(warnings[0]).toMatch(
    /^least privilege: the vault credential can also read vaults that no session uses: ("other-\d", ){4}"other-\d" and 2 more$/,
  );
  expect(warnings[1]).toBe(
    'least privilege: the vault credential has more than read access to vault "automation": write_items, share_items',
  );
  expect(bench.server.count({ path: /accessors/ })).toBe(1);
});

test('asks nothing before the first read', async () => {
  const vault = withToken([{ vault: bench.automation, permissions: ['read_items', 'write_items'] }]);
  await systemClock.sleep(50);
  expect([vault.requestCount(), bench.server.count()]).toEqual([0, 0]);
});

test('asks at most eleven times what the token reaches', async () => {
  test.setTimeout(300_000);
  const vaults = Array.from({ length: 30 }, (_, index) =>
    bench.account.addVault({ title: `vault-${index}` }),
  );
  const vault = withToken(
    vaults.map((one) => ({ vault: one })),
    { references: vaults.map(({ title }) => parseSecretReference(`op://${title}/a/b`)) },
  );
  await vault.resolveAll([parseSecretReference('op://vault-1/a/b')]);
  await expect.poll(() => bench.server.count({ path: /accessors/ }), { timeout: 60_000 }).toBe(10);
  await systemClock.sleep(100);
  expect(bench.server.count({ path: /accessors/ })).toBe(10);
});

test('strictly, nothing is read with a token that can do more', async () => {
  const vault = withToken([{ vault: bench.automation, permissions: ['read_items', 'write_items'] }], {
    strict: true,
  });
  const errors = await Promise.all([errorOf(vault.resolveAll([password])), errorOf(vault.readCode(code))]);
  expect(errors[0].message).toBe(
    'The vault credential has more access than these sessions need, so it was not used. The vault credential ' +
      'has more than read access to vault "automation": write_items. Permissions of a service account cannot be ' +
      'changed. Create one with only read_items, in "automation", or remove strictLeastPrivilege from the ' +
      'sessions file. [ERR_LEAST_PRIVILEGE]',
  );
  expect(errors[1].code).toBe('ERR_LEAST_PRIVILEGE');
  expect([bench.server.count('batch'), bench.server.count('overviews')]).toEqual([0, 0]);
});

test('strictly, a token of least privilege reads', async () => {
  const vault = withToken([{ vault: bench.automation }], { strict: true });
  expect((await vault.resolveAll([password])).get(password.text)).toBeInstanceOf(SecretValue);
});

test('strictly, what could not be looked at is not read', async () => {
  const vault = withToken([{ vault: bench.automation }], { strict: true });
  const handle = bench.server.fault({ match: 'vaults', kind: 'reset' });
  expect((await errorOf(vault.resolveAll([password]))).code).toBe('ERR_VAULT_UNREACHABLE');
  handle.remove();
  expect((await vault.resolveAll([password])).get(password.text)).toBeInstanceOf(SecretValue);
});

test.describe('an Environment', () => {
  const refer = (id: string) => parseSecretReference(`op-env://${id}/ADMIN_PASSWORD`);

  test('an unused Environment is more than needed where 1Password lists it, and one in use is not', async () => {
    for (const listsEnvironments of [true, false]) {
      const account = bench.server.addAccount({ name: `lists ${listsEnvironments}`, listsEnvironments });
      const [used, other] = ['used', 'other'].map((name) => account.addEnvironment({ name }));
      used!.set('ADMIN_PASSWORD', 'correct horse');
      const { token } = account.addServiceAccount({ vaults: [], environments: [used!, other!] });
      const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
      expect(await vault.inspectReach?.([refer(used!.id)])).toEqual({
        unused: listsEnvironments ? ['other'] : [],
        excess: [],
      });
    }
  });

  test('is named beside the vaults where the token can do more', async () => {
    const vault = withToken([{ vault: bench.automation, permissions: ['read_items', 'write_items'] }], {
      strict: true,
      references: [password, refer(bench.environment.id)],
    });
    expect((await errorOf(vault.resolveAll([password]))).message).toContain(
      `Create one with only read_items, in "automation", Environment ${bench.environment.id}, or remove`,
    );
  });
});

test('leaves local test credentials unchanged', () => {
  const local = createLocalVault({ files: [], folder: '/', clock: systemClock });
  const signal = new AbortController().signal;
  expect(withLeastPrivilege(local, { references: [], strict: true, warn: () => undefined, signal })).toBe(
    local,
  );
});

function withToken(
  vaults: readonly { vault: Vault; permissions?: readonly Permission[] }[],
  { strict = false, references = [password, code] } = {},
): VaultPort {
  const { token } = bench.account.addServiceAccount({ name: 'another', vaults });
  return withLeastPrivilege(
    bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } }),
    { references, strict, warn: (warning) => warnings.push(warning), signal: new AbortController().signal },
  );
}
