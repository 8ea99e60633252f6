import { AuthSessionsError } from '../../src/core/errors.js';
import type { Vault } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { login } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const password = parseSecretReference('op://automation/user-1/password');
const code = parseSecretReference('op://automation/user-1/one-time password?attribute=otp');
const signIn = 4;
const keysets = 1;

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  addUsers();
});

test('reads 120 items of a vault with one list of it and three batches', async () => {
  const { vault, server } = bench;
  const references = Array.from({ length: 120 }, (_, index) =>
    parseSecretReference(`op://automation/user-${index + 1}/password`),
  );
  const answers = await vault.resolveAll(references);
  expect(references.map(({ text }) => (answers.get(text) as SecretValue).reveal())).toEqual(
    references.map((_, index) => `of user ${index + 1}`),
  );
  expect([server.count('vaults'), server.count('overviews'), server.count('batch')]).toEqual([1, 1, 3]);
});

test('asks for a code by the IDs of its item, once they are known', async () => {
  const { vault, server } = bench;
  await vault.resolveAll([password]);
  server.resetCounts();
  await vault.readCode(code);
  expect(server.requests().map(({ route }) => route)).toEqual(['item']);
});

test('asks for a code by its IDs again when the network failed, and not by names', async () => {
  const { vault, server } = bench;
  await vault.resolveAll([password]);
  server.resetCounts();
  server.fault({ match: 'item', kind: 'reset', times: 1 });
  await vault.readCode(code);
  await vault.readCode(code);
  expect(server.count('item')).toBe(3);
});

test('asks for a code by names when its item was replaced', async () => {
  const { vault, automation } = bench;
  await vault.resolveAll([password]);
  automation.items[0]!.remove();
  automation.addItem(login({ title: 'user-1', totp: 'JBSWY3DPEHPK3PXP' }));
  expect((await vault.readCode(code)).code.reveal()).toMatch(/^\d{6}$/);
});

test('never keeps a code', async () => {
  const { vault, server } = bench;
  await vault.resolveAll([password]);
  await vault.readCode(code);
  await vault.readCode(code);
  expect(server.count('item')).toBe(2);
});

test.describe('a vault that signs in', () => {
  test.beforeEach(({ coldBench }) => {
    bench = coldBench;
    addUsers();
  });

  test('counts the requests that leave, sign-in included', async () => {
    const { vault, server } = bench;
    expect(vault.requestCount()).toBe(0);
    await vault.resolveAll([password]);
    expect(vault.requestCount()).toBe(server.count());
    expect(vault.requestCount()).toBe(signIn + keysets + 3);
    await vault.resolveAll([password]);
    expect(vault.requestCount()).toBe(server.count());
  });

  test('signs in once for simultaneous callers', async () => {
    const { vault, server } = bench;
    await Promise.all(Array.from({ length: 8 }, () => vault.resolveAll([password])));
    expect(server.count('sign-in-start')).toBe(1);
    expect(vault.requestCount()).toBe(server.count());
  });

  test('does not count other requests, and restores fetch', async () => {
    const { vault, server } = bench;
    const before = globalThis.fetch;
    const reading = vault.resolveAll([password]);
    while (vault.requestCount() === 0) await new Promise(setImmediate);
    expect(globalThis.fetch).not.toBe(before);
    expect((await fetch(`${server.url}/elsewhere`)).status).toBe(401);
    await reading;
    expect(globalThis.fetch).toBe(before);
    expect(vault.requestCount()).toBe(server.count() - 1);
  });

  test('counts the requests of two tokens apart', async () => {
    const other = bench.account.addVault({ title: 'other' });
    other.addItem(login({ title: 'user-1', password: 'another' }));
    const { token } = bench.account.addServiceAccount({ name: 'second', vaults: [{ vault: other }] });
    const second = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
    await Promise.all([
      bench.vault.resolveAll([password]),
      second.resolveAll([parseSecretReference('op://other/user-1/password')]),
      second.resolveAll([parseSecretReference('op://other/user-1/username')]),
    ]);
    const { server } = bench;
    const unsigned = server.requests().filter(({ serviceAccount }) => serviceAccount === undefined);
    expect(unsigned).toEqual([]);
    expect(bench.vault.requestCount()).toBe(server.count({ serviceAccount: 'pipeline' }));
    expect(second.requestCount()).toBe(server.count({ serviceAccount: 'second' }));
  });

  test.describe('a request budget', () => {
    test('holds a request back that would exceed it, and every one after it', async () => {
      const vault = bench.open({ maxRequests: signIn + keysets + 1 });
      const error = await errorOf(vault.resolveAll([password]));
      expect(error.message).toBe(
        'This run has reached its limit of 6 requests to 1Password. A whole account shares one rate limit, so a ' +
          'run must not exhaust it.' +
          ' Look at the requests in reports/output/vault-access.jsonl. If the run needs more, raise ' +
          'onePassword.maxVaultRequests in the sessions file. What 1Password still allows: op service-account ratelimit. [ERR_VAULT_BUDGET_SPENT]',
      );
      expect(bench.server.count()).toBe(6);
      expect(await errorOf(vault.resolveAll([password]))).toBe(error);
      expect(await errorOf(vault.readCode(code))).toBe(error);
      expect([bench.server.count(), vault.requestCount(), vault.requestsLeft?.()]).toEqual([6, 6, 0]);
    });

    test('holds a sign-in back as well', async () => {
      const vault = bench.open({ maxRequests: 2 });
      expect(await codeOf(vault)).toBe('ERR_VAULT_BUDGET_SPENT');
      expect(bench.server.count()).toBe(2);
    });

    test('is whole again in a new run', async () => {
      const vault = bench.open({ maxRequests: signIn + keysets + 3 });
      await vault.resolveAll([password]);
      expect(await codeOf(vault)).toBe('ERR_VAULT_BUDGET_SPENT');
      vault.forgetFailures?.();
      expect(vault.requestsLeft?.()).toBe(signIn + keysets + 3);
      expect(await codeOf(vault)).toBe('answered');
    });
  });
});

async function codeOf(vault: Vault): Promise<string> {
  return vault.resolveAll([password]).then(
    () => 'answered',
    (error: unknown) => (error instanceof AuthSessionsError ? error.code : String(error)),
  );
}

function addUsers(): void {
  for (let number = 1; number <= 120; number += 1)
    bench.automation.addItem(
      login({ title: `user-${number}`, password: `of user ${number}`, totp: 'JBSWY3DPEHPK3PXP' }),
    );
}
