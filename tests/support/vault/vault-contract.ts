import { expect, mergeTests } from '@playwright/test';
import { AuthSessionsError } from '../../../src/core/errors.js';
import type { Vault } from '../../../src/core/ports.js';
import { parseSecretReference, type SecretReference } from '../../../src/core/secret-reference.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { totpCode } from '../../../src/vault/local/totp-seed.js';
import { test as withFolder } from '../store/temporary-folder.js';
import type { OnePasswordBench } from './one-password-bench.js';
import { test as withSignedInBench } from './signed-in-test.js';

/** A vault called `automation`, and the way to put something into it. */
export interface VaultBench {
  readonly vault: Vault;
  /** Sets a field of an item, made when it is not there; `one-time password` takes a seed. */
  set(item: string, field: string, value: string): Promise<void>;
  /** The reference to what `set` calls `op://automation/item/field`. [that one] */
  readonly refer?: (text: string) => SecretReference;
  close(): Promise<void>;
}

interface Fixtures {
  readonly folder: string;
  readonly signedInBench: OnePasswordBench;
}

const test = mergeTests(withFolder, withSignedInBench);

export const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** What every vault promises. */
export function testVault(name: string, open: (fixtures: Fixtures) => Promise<VaultBench>): void {
  const withVault = test.extend<VaultFixtures>({
    bench: async ({ folder, signedInBench }, use) => {
      const bench = await open({ folder, signedInBench });
      await use(bench);
      await bench.close();
    },
    vault: async ({ bench }, use) => use(bench.vault),
    refer: async ({ bench }, use) => use(bench.refer ?? parseSecretReference),
    read: async ({ vault, refer }, use) => use((text) => read(vault, refer(text))),
  });
  withVault.describe(name, () => {
    testValues(withVault);
    testCodes(withVault);
    testWaiting(withVault);
  });
}

interface VaultFixtures {
  readonly bench: VaultBench;
  readonly vault: Vault;
  readonly refer: (text: string) => SecretReference;
  readonly read: (text: string) => Promise<string>;
}

type VaultTest = ReturnType<typeof test.extend<VaultFixtures>>;

function testValues(test: VaultTest): void {
  test('answers a reference with its value', async ({ bench, read }) => {
    await bench.set('admin', 'password', 'correct horse');
    expect(await read('op://automation/admin/password')).toBe('correct horse');
  });

  test('answers several at once, each by its own text', async ({ bench, vault, refer }) => {
    await bench.set('admin', 'username', 'ada');
    await bench.set('admin', 'password', 'correct horse');
    await bench.set('customer', 'username', 'bob');
    const references = [
      refer('op://automation/admin/username'),
      refer('op://automation/admin/password'),
      refer('op://automation/customer/username'),
    ];
    const texts = references.map(({ text }) => text);
    const answers = await vault.resolveAll(references);
    expect([...answers.keys()].sort()).toEqual(texts.toSorted());
    expect(references.map(({ text }) => reveal(answers.get(text)))).toEqual(['ada', 'correct horse', 'bob']);
  });

  test('answers nothing for nothing', async ({ vault }) => {
    expect(await vault.resolveAll([])).toEqual(new Map());
  });

  test('gives a value that prints as its label', async ({ bench, vault, refer }) => {
    await bench.set('admin', 'password', 'correct horse');
    const answers = await vault.resolveAll([refer('op://automation/admin/password')]);
    expect([...answers.values()].map(String).join()).not.toContain('correct horse');
  });

  test('gives values byte for byte', async ({ bench, read }) => {
    const value = `  päss "wörd" \\n $HOME #1 \u{1f511} `;
    await bench.set('admin', 'password', value);
    expect(await read('op://automation/admin/password')).toBe(value);
  });

  test('ignores the case of letters', async ({ bench, read }) => {
    await bench.set('admin', 'password', 'correct horse');
    test.skip(bench.refer !== undefined, 'a name that is not of an item');
    expect(await read('op://Automation/ADMIN/Password')).toBe('correct horse');
  });

  for (const [what, text] of [
    ['vault', 'op://elsewhere/admin/password'],
    ['item', 'op://automation/nobody/password'],
    ['field', 'op://automation/admin/passwrod'],
    ['section', 'op://automation/admin/nowhere/password'],
  ] as const)
    test(`has an error for a ${what} that is not there, and answers the others`, async ({
      bench,
      vault,
      refer,
    }) => {
      await bench.set('admin', 'password', 'correct horse');
      const there = refer('op://automation/admin/password');
      const missing = refer(text);
      const answers = await vault.resolveAll([missing, there]);
      expect(reveal(answers.get(there.text))).toBe('correct horse');
      const error = answers.get(missing.text);
      expect(error).toBeInstanceOf(AuthSessionsError);
      expect(error).toMatchObject({
        code: expect.stringMatching(/^ERR_(VAULT_NOT_FOUND|LOCAL_CREDENTIAL_MISSING)$/),
        reference: missing.text,
      });
    });

  test('sees an edit at the next read', async ({ bench, read }) => {
    await bench.set('admin', 'password', 'old');
    expect(await read('op://automation/admin/password')).toBe('old');
    await bench.set('admin', 'password', 'new');
    expect(await read('op://automation/admin/password')).toBe('new');
  });
}

function testCodes(test: VaultTest): void {
  const codeText = 'op://automation/admin/one-time password?attribute=otp';

  test('gives the code of this moment, before and after its item is known', async ({
    bench,
    vault,
    refer,
    read,
  }) => {
    await bench.set('admin', 'password', 'correct horse');
    await bench.set('admin', 'one-time password', seed);
    expect(await codesAround(() => vault.readCode(refer(codeText)))).toBe(true);
    await read('op://automation/admin/password');
    expect(await codesAround(() => vault.readCode(refer(codeText)))).toBe(true);
  });

  test('sees another seed at the next code', async ({ bench, vault, refer }) => {
    await bench.set('admin', 'one-time password', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
    expect(await codesAround(() => vault.readCode(refer(codeText)))).toBe(false);
    await bench.set('admin', 'one-time password', seed);
    expect(await codesAround(() => vault.readCode(refer(codeText)))).toBe(true);
  });

  test('has no code where there is no seed', async ({ bench, vault, refer }) => {
    await bench.set('admin', 'password', 'correct horse');
    const reference = refer('op://automation/admin/password?attribute=otp');
    const error = await vault.readCode(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_TOTP_SEED_INVALID' });
    expect(String(error)).not.toContain('correct horse');
  });

  test('has no code of a field that is not there', async ({ vault, refer }) => {
    const code = refer(codeText);
    await expect(vault.readCode(code)).rejects.toMatchObject({ reference: code.text });
  });
}

function testWaiting(test: VaultTest): void {
  test('asks nothing for a caller that no longer waits', async ({ bench, vault, refer }) => {
    await bench.set('admin', 'password', 'correct horse');
    const before = vault.requestCount();
    const reason = new Error('the run was stopped');
    const signal = AbortSignal.abort(reason);
    const reference = refer('op://automation/admin/password');
    await expect(vault.resolveAll([reference], signal)).rejects.toBe(reason);
    await expect(vault.readCode(reference, signal)).rejects.toBe(reason);
    expect(vault.requestCount()).toBe(before);
  });
}

async function read(vault: Vault, reference: SecretReference): Promise<string> {
  return reveal((await vault.resolveAll([reference])).get(reference.text));
}

function reveal(answer: SecretValue | AuthSessionsError | undefined): string {
  if (answer instanceof SecretValue) return answer.reveal();
  throw answer ?? new Error('no answer');
}

/** Whether it is the seed's code of the moment before the ask, or of the one after. */
async function codesAround(ask: () => ReturnType<Vault['readCode']>): Promise<boolean> {
  const codeNow = () =>
    totpCode({ secret: seed, algorithm: 'sha1', digits: 6, periodSeconds: 30 }, { nowMs: Date.now() });
  const before = await codeNow();
  const { code } = await ask();
  return [before, await codeNow()].includes(code.reveal());
}
