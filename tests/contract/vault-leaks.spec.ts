import { inspect } from 'node:util';
import type { Vault } from '../../src/core/ports.js';
import { parseToken, type Fault, type RequestPattern } from '../support/onepassword/index.js';
import { addAdmin, code, password } from '../support/vault/admin-item.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const lasting: readonly Fault[] = [
  ...[400, 403, 404, 409, 429].map((status) => ({ kind: 'status' as const, status })),
  { kind: 'body', body: 'correct horse' },
  { kind: 'body', body: JSON.stringify({ password: 'correct horse' }) },
  { kind: 'rewrite', rewrite: () => [{ uuid: 'correct horse' }] },
];
/** Tried three times, with one and the same end. */
const passing: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'truncate', bytes: 60, ending: 'clean' },
  { kind: 'reset' },
];

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  addAdmin(bench);
});

test('no error of a failed sign-in contains a part of the token', async ({ coldBench }) => {
  bench = coldBench;
  addAdmin(bench);
  const faults: readonly Fault[] = [...lasting, { kind: 'status', status: 401 }, { kind: 'wrong-proof' }];
  for (const fault of faults) await expectNoSecretIn(fault, 'sign-in-prove', () => bench.open());
  for (const fault of passing) await expectNoSecretIn(fault, 'sign-in-start', () => bench.open());
});

test('no error of a failed read contains a value or a part of the token', async () => {
  await bench.vault.resolveAll([password]);
  for (const fault of [...lasting, ...passing])
    for (const match of ['vaults', 'item', { path: /\/items?\// }] as const)
      await expectNoSecretIn(fault, match, () => bench.vault);
});

async function expectNoSecretIn(fault: Fault, match: RequestPattern, open: () => Vault): Promise<void> {
  const handle = bench.server.fault({ ...fault, match });
  const vault = open();
  const thrown = await Promise.all([
    vault.resolveAll([password]).then((answers) => answers.get(password.text), asItIs),
    vault.readCode(code).catch(asItIs),
  ]);
  handle.remove();
  vault.forgetFailures?.();
  const errors = thrown.filter((one) => one instanceof Error);
  expect(errors.length, `${fault.kind} at ${inspect(match)}`).toBeGreaterThan(0);
  const told = inspect(errors, { depth: 9, showHidden: true });
  const { srpX, secretKey, muk } = parseToken(bench.token);
  for (const secret of ['correct horse', 'ada.lovelace', bench.token, srpX, secretKey, muk.k])
    expect(told).not.toContain(secret);
}

function asItIs(error: unknown): unknown {
  return error;
}
