import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, mergeTests } from '@playwright/test';
import type { Clock, Vault } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { chooseVaultAuth } from '../../src/credentials/choose-vault-auth.js';
import { createCodeDesk } from '../../src/credentials/code-desk.js';
import { createCredentialsDesk } from '../../src/credentials/credentials-desk.js';
import { findToken } from '../../src/credentials/confined-secrets.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { systemClock } from '../../src/time/system-clock.js';
import type { OnePasswordAuth } from '../../src/vault/one-password/one-password-auth.js';
import { declareSession } from '../support/declared-session.js';
import { login, type Fault, type FaultHandle } from '../support/onepassword/index.js';
import { createSessionBench, errorOf } from '../support/session-bench.js';
import { test as withFolder } from '../support/store/temporary-folder.js';
import { addAdmin, adminValues, code, readAdmin } from '../support/vault/admin-item.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { test as withVault } from '../support/vault/signed-in-test.js';

const test = mergeTests(withFolder, withVault);

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  addAdmin(bench);
});

test.describe('a server that worked at first', () => {
  for (const match of ['batch', 'item', 'overviews'] as const)
    test(`and then drips at ${match} is waited for until the deadline, and asked again by the next`, async () => {
      let drippingSinceMs = Infinity;
      const clock: Clock = {
        nowMs: () => systemClock.nowMs(),
        // The deadline, which bytes do not move: it is over when some of them have come.
        async sleep(_, signal) {
          while (performance.now() - drippingSinceMs < 300 || drippingSinceMs === Infinity) {
            await systemClock.sleep(20, signal);
            if (handle?.hits() === 1) drippingSinceMs = Math.min(drippingSinceMs, performance.now());
          }
        },
      };
      let handle: FaultHandle | undefined;
      const vault = bench.open({ clock, deadlineMs: 30_000 });
      await readAdmin(vault);
      handle = bench.server.fault({ match, kind: 'drip', everyMs: 50 });
      const error = await errorOf(match === 'item' ? vault.readCode(code) : readAdmin(vault));
      expect(error.explanation.known).toBe('No response within 30 s while reading from 1Password.');
      expect(handle.hits()).toBe(1);
      handle.remove();
      drippingSinceMs = Infinity;
      handle = undefined;
      expect(await readAdmin(vault)).toEqual(adminValues);
    });

  for (const [what, fault] of [
    ['breaks off in the middle of an answer', { kind: 'truncate', bytes: 200 }],
    ['ends an answer in its middle', { kind: 'truncate', bytes: 200, ending: 'clean' }],
  ] satisfies [string, Fault][])
    test(`and then ${what} is asked again at once, three times in all`, async () => {
      await readAdmin(bench.vault);
      const once = bench.server.fault({ ...fault, match: 'batch', times: 1 });
      expect(await readAdmin(bench.vault)).toEqual(adminValues);
      expect(once.hits()).toBe(1);
      const always = bench.server.fault({ ...fault, match: 'item' });
      expect((await errorOf(bench.vault.readCode(code))).code).toBe('ERR_VAULT_UNREACHABLE');
      expect(always.hits()).toBe(3);
      always.remove();
      expect((await bench.vault.readCode(code)).code.reveal()).toMatch(/^\d{6}$/);
    });

  for (const match of ['vaults', 'batch', 'item'] as const)
    test(`and then sends what does not decrypt at ${match} gives no value, and works again afterwards`, async () => {
      await readAdmin(bench.vault);
      const handle = bench.server.fault({ match, kind: 'garble' });
      const error = await errorOf(match === 'item' ? bench.vault.readCode(code) : readAdmin(bench.vault));
      expect(error.code).toBe('ERR_VAULT_UNTRUSTED');
      expect(error.message).not.toMatch(/correct horse|ada\.lovelace/);
      expect(handle.hits()).toBeLessThanOrEqual(3);
      handle.remove();
      expect(await readAdmin(bench.vault)).toEqual(adminValues);
    });

  test('and then reaches its limit gets no more requests in this run', async () => {
    await readAdmin(bench.vault);
    const handle = bench.server.fault({ match: 'batch', kind: 'status', status: 429 });
    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(readAdmin(bench.vault))));
    expect(new Set(errors.map(({ code: one }) => one))).toEqual(new Set(['ERR_VAULT_RATE_LIMITED']));
    handle.remove();
    bench.server.resetCounts();
    expect((await errorOf(bench.vault.readCode(code))).code).toBe('ERR_VAULT_RATE_LIMITED');
    expect(bench.server.count()).toBe(0);
  });
});

test('a token revoked during the run keeps signed-in sessions, and gives the others one clear error without a storm of requests', async ({
  coldBench,
}) => {
  bench = coldBench;
  addAdmin(bench);
  const names = ['admin', 'customer', 'editor', 'auditor'];
  for (const title of names.slice(1))
    bench.automation.addItem(login({ title, username: title, password: `secret of ${title}` }));
  const sessions = createSessionBench();
  const desk = deskOf(bench.vault);
  const acquire = (name: string) =>
    sessions.pool.acquire({
      key: name,
      session: sessionOf(name),
      place: { baseURL: 'https://app.example', project: undefined },
      credentials: (why) => desk.of(sessionOf(name), why),
    });
  const { record } = await acquire('admin');
  bench.account.serviceAccounts[0]!.revoke();
  bench.server.resetCounts();

  expect(await acquire('admin')).toMatchObject({ record: { id: record.id }, outcome: 'memory' });
  expect(bench.server.count()).toBe(0);
  const others = names.slice(1).flatMap((name) => Array.from({ length: 8 }, () => name));
  const errors = await Promise.all(others.map((name) => errorOf(acquire(name))));
  expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['ERR_VAULT_CREDENTIAL_INVALID']));
  expect(errors[0]!.explanation.next).toBe('Create a new token, and replace OP_SERVICE_ACCOUNT_TOKEN.');
  // Each need asks once, and the SDK signs in again once for each; our one sign-in answers for all.
  expect(bench.server.count()).toBeLessThanOrEqual(3 * 2 + 1);
  bench.server.resetCounts();
  for (const name of names) await acquire(name).catch(() => undefined);
  expect(bench.server.count()).toBe(0);
  expect(sessions.creates.map(({ session }) => session.name)).toEqual(['admin']);
});

test.describe('a token file that is replaced in mid-run', () => {
  let file: string;
  let vault: Vault;
  const redactor = createRedactor();

  test.beforeEach(async ({ folder, coldBench }) => {
    bench = coldBench;
    addAdmin(bench);
    file = path.join(folder, 'token');
    await writeFile(file, bench.token, { mode: 0o600 });
    const { auth } = chooseVaultAuth(
      {},
      { vaultCredential: findToken(undefined, file), onCi: false, onToken: (token) => redactor.add(token) },
    );
    vault = bench.open({ auth: auth as OnePasswordAuth });
    await readAdmin(vault);
    bench.server.resetCounts();
  });

  test('is read again when its token is refused, once, and its new token goes on', async () => {
    const { token } = bench.account.addServiceAccount({ vaults: [{ vault: bench.automation }] });
    await writeFile(file, `${token}\n`);
    expect(await readAdmin(vault)).toEqual(adminValues); // the old one is good as long as it is taken
    expect(bench.server.count('sign-in-start')).toBe(0);
    bench.account.serviceAccounts[0]!.revoke();
    const all = await Promise.all(Array.from({ length: 8 }, () => readAdmin(vault)));
    expect(new Set(all.flat())).toEqual(new Set(adminValues));
    expect(bench.server.count('sign-in-complete')).toBe(1);
    expect(vault.requestCount()).toBeGreaterThanOrEqual(bench.server.count());
    expect(redactor.redact(`token ${token}`)).toBe('token [redacted:vault credential]');
  });

  test('is read by the next caller after the refusal', async () => {
    bench.account.serviceAccounts[0]!.revoke();
    expect((await errorOf(readAdmin(vault))).code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    bench.server.resetCounts();
    expect((await errorOf(readAdmin(vault))).code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    expect(bench.server.count()).toBe(0);
    const { token } = bench.account.addServiceAccount({ vaults: [{ vault: bench.automation }] });
    await writeFile(file, token);
    expect(await readAdmin(vault)).toEqual(adminValues);
  });

  for (const [what, replace] of [
    ['half a token', (token: string) => writeFile(file, token.slice(0, 200))],
    ['nothing', () => writeFile(file, '')],
    ['no file', () => rm(file)],
    ['another token that is revoked', (_: string, revoked: string) => writeFile(file, revoked)],
  ] as const)
    test(`by ${what} gives the same refusal, without a storm of requests`, async () => {
      const good = bench.account.addServiceAccount({ vaults: [{ vault: bench.automation }] });
      const bad = bench.account.addServiceAccount({ vaults: [{ vault: bench.automation }] });
      bad.revoke();
      await replace(good.token, bad.token);
      bench.account.serviceAccounts[0]!.revoke();
      const errors = await Promise.all(Array.from({ length: 8 }, () => errorOf(readAdmin(vault))));
      expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['ERR_VAULT_CREDENTIAL_INVALID']));
      bench.server.resetCounts();
      await errorOf(readAdmin(vault));
      expect(bench.server.count()).toBe(0);
      await writeFile(file, good.token);
      expect(await readAdmin(vault)).toEqual(adminValues);
    });
});

function deskOf(vault: Vault) {
  return createCredentialsDesk({
    vault,
    redactor: createRedactor(),
    signal: new AbortController().signal,
    alsoNeeded: () => Promise.resolve([]),
    codes: createCodeDesk({
      vault,
      store: createMemoryStore({ clock: systemClock }),
      clock: systemClock,
      minRemainingSeconds: 0,
      fingerprint: (text) => text,
    }),
  });
}

function sessionOf(name: string) {
  const reference = (field: string) => parseSecretReference(`op://automation/${name}/${field}`);
  return declareSession({
    name,
    values: new Map(['username', 'password'].map((field) => [field, reference(field)])),
    code: undefined,
  });
}
