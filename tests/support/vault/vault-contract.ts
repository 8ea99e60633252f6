import { expect, mergeTests } from '@playwright/test';
import { AuthSessionsError } from '../../../src/core/errors.js';
import type { Vault } from '../../../src/core/ports.js';
import { parseSecretReference } from '../../../src/core/secret-reference.js';
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
  const withVault = test.extend<{ bench: VaultBench; vault: Vault }>({
    bench: async ({ folder, signedInBench }, use) => {
      const bench = await open({ folder, signedInBench });
      await use(bench);
      await bench.close();
    },
    vault: async ({ bench }, use) => use(bench.vault),
  });
  withVault.describe(name, () => {
    testValues(withVault);
    testCodes(withVault);
    testWaiting(withVault);
  });
}

type VaultTest = ReturnType<typeof test.extend<{ bench: VaultBench; vault: Vault }>>;

function testValues(test: VaultTest): void {
  test('answers a reference with its value', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    expect(await read(vault, 'op://automation/admin/password')).toBe('correct horse');
  });

  test('answers several at once, each by its own text', async ({ bench, vault }) => {
    await bench.set('admin', 'username', 'ada');
    await bench.set('admin', 'password', 'correct horse');
    await bench.set('customer', 'username', 'bob');
    const texts = [
      'op://automation/admin/username',
      'op://automation/admin/password',
      'op://automation/customer/username',
    ];
    const answers = await vault.resolveAll(texts.map((text) => parseSecretReference(text)));
    expect([...answers.keys()].sort()).toEqual(texts.sort());
    expect(texts.map((text) => reveal(answers.get(text)))).toEqual(['correct horse', 'ada', 'bob']);
  });

  test('answers nothing for nothing', async ({ vault }) => {
    expect(await vault.resolveAll([])).toEqual(new Map());
  });

  test('gives a value that prints as its label', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    const answers = await vault.resolveAll([parseSecretReference('op://automation/admin/password')]);
    expect([...answers.values()].map(String).join()).not.toContain('correct horse');
  });

  test('gives values byte for byte', async ({ bench, vault }) => {
    const value = `  päss "wörd" \\n $HOME #1 \u{1f511} `;
    await bench.set('admin', 'password', value);
    expect(await read(vault, 'op://automation/admin/password')).toBe(value);
  });

  test('ignores the case of letters', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    expect(await read(vault, 'op://Automation/ADMIN/Password')).toBe('correct horse');
  });

  for (const [what, text] of [
    ['vault', 'op://elsewhere/admin/password'],
    ['item', 'op://automation/nobody/password'],
    ['field', 'op://automation/admin/passwrod'],
    ['section', 'op://automation/admin/nowhere/password'],
  ] as const)
    test(`has an error for a ${what} that is not there, and answers the others`, async ({ bench, vault }) => {
      await bench.set('admin', 'password', 'correct horse');
      const there = parseSecretReference('op://automation/admin/password');
      const answers = await vault.resolveAll([parseSecretReference(text), there]);
      expect(reveal(answers.get(there.text))).toBe('correct horse');
      const error = answers.get(text);
      expect(error).toBeInstanceOf(AuthSessionsError);
      expect(error).toMatchObject({
        code: expect.stringMatching(/^ERR_(VAULT_NOT_FOUND|LOCAL_CREDENTIAL_MISSING)$/),
        reference: text,
      });
    });

  test('sees an edit at the next read', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'old');
    expect(await read(vault, 'op://automation/admin/password')).toBe('old');
    await bench.set('admin', 'password', 'new');
    expect(await read(vault, 'op://automation/admin/password')).toBe('new');
  });
}

function testCodes(test: VaultTest): void {
  const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');

  test('gives the code of this moment, before and after its item is known', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    await bench.set('admin', 'one-time password', seed);
    expect(await codesAround(() => vault.readCode(code))).toBe(true);
    await read(vault, 'op://automation/admin/password');
    expect(await codesAround(() => vault.readCode(code))).toBe(true);
  });

  test('sees another seed at the next code', async ({ bench, vault }) => {
    await bench.set('admin', 'one-time password', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
    expect(await codesAround(() => vault.readCode(code))).toBe(false);
    await bench.set('admin', 'one-time password', seed);
    expect(await codesAround(() => vault.readCode(code))).toBe(true);
  });

  test('has no code where there is no seed', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    const reference = parseSecretReference('op://automation/admin/password?attribute=otp');
    const error = await vault.readCode(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_TOTP_SEED_INVALID' });
    expect(String(error)).not.toContain('correct horse');
  });

  test('has no code of a field that is not there', async ({ vault }) => {
    await expect(vault.readCode(code)).rejects.toMatchObject({ reference: code.text });
  });
}

function testWaiting(test: VaultTest): void {
  test('asks nothing for a caller that no longer waits', async ({ bench, vault }) => {
    await bench.set('admin', 'password', 'correct horse');
    const before = vault.requestCount();
    const reason = new Error('the run was stopped');
    const signal = AbortSignal.abort(reason);
    const reference = parseSecretReference('op://automation/admin/password');
    await expect(vault.resolveAll([reference], signal)).rejects.toBe(reason);
    await expect(vault.readCode(reference, signal)).rejects.toBe(reason);
    expect(vault.requestCount()).toBe(before);
  });
}

async function read(vault: Vault, text: string): Promise<string> {
  return reveal((await vault.resolveAll([parseSecretReference(text)])).get(text));
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
