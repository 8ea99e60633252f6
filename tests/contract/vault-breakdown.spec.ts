import { expect, test } from '@playwright/test';
import type { Fault } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { addAdmin, adminValues, code, password, readAdmin } from '../support/vault/admin-item.js';
import { openOnePasswordBench, type OnePasswordBench } from '../support/vault/one-password-bench.js';

/** An account without keys: the SDK's Rust code panics of it, and the call that asked never ends. */
const panic: Fault = {
  match: 'keysets',
  kind: 'rewrite',
  rewrite: (answer) => ({ ...(answer as object), keysets: [] }),
};

let bench: OnePasswordBench;

test.beforeEach(async () => {
  bench = await openOnePasswordBench();
  addAdmin(bench);
});

test.afterEach(() => bench.close());

test('a client that broke down is made anew, for all who waited for it', async () => {
  bench.server.fault({ ...panic, times: 1 });
  const asks = [readAdmin(bench.vault), readAdmin(bench.vault), readAdmin(bench.vault)];
  expect(await Promise.all(asks)).toEqual([adminValues, adminValues, adminValues]);
  expect(bench.server.count('sign-in-start')).toBe(2);
});

test('a client that broke down is made anew once: then the vault is not asked any more in this run', async () => {
  const handle = bench.server.fault(panic);
  const error = await errorOf(bench.vault.resolveAll([password]));
  expect(error.message).toBe(
    "1Password's SDK crashed. It crashed again with a new client, and is not used again in this run. Run " +
      'again. If it fails again, report it with the version of @1password/sdk.' +
      ' [ERR_VAULT_FAILED]',
  );
  expect(bench.server.count('sign-in-start')).toBe(2);
  handle.remove();
  bench.server.resetCounts();
  expect(await errorOf(bench.vault.resolveAll([password]))).toBe(error);
  expect(await errorOf(bench.vault.readCode(code))).toBe(error);
  expect(bench.server.count()).toBe(0);
  bench.vault.forgetFailures?.();
  expect(await readAdmin(bench.vault)).toEqual(adminValues);
});

test('a client that broke down leaves the functions of everybody as they were', async () => {
  const before = [globalThis.queueMicrotask, globalThis.fetch];
  bench.server.fault({ ...panic, times: 1 });
  const reading = readAdmin(bench.vault);
  const order: string[] = [];
  while (bench.vault.requestCount() === 0) await new Promise(setImmediate);
  queueMicrotask(() => order.push('a microtask of somebody else'));
  await reading;
  expect(order).toEqual(['a microtask of somebody else']);
  expect([globalThis.queueMicrotask, globalThis.fetch]).toEqual(before);
});
