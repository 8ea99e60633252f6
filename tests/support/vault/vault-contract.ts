import { expect, mergeTests } from '@playwright/test';
import {
  describeVault,
  readValue,
  type VaultContents,
  type VaultFixtures,
} from '../../../fixtures/vault-suite.js';
import type { Vault } from '../../../src/core/ports.js';
import { parseSecretReference, type SecretReference } from '../../../src/core/secret-reference.js';
import { test as withFolder } from '../store/temporary-folder.js';
import type { OnePasswordBench } from './one-password-bench.js';
import { test as withSignedInBench } from './signed-in-test.js';

/** A vault called `automation`, and the way to put something into it. */
export interface VaultBench extends VaultContents {
  readonly vault: Vault;
  /** The reference to what `set` calls `op://automation/item/field`. [that one] */
  readonly refer?: (text: string) => SecretReference;
  close(): Promise<void>;
}

interface Fixtures {
  readonly folder: string;
  readonly signedInBench: OnePasswordBench;
}

const test = mergeTests(withFolder, withSignedInBench);

/** What every vault promises, and that it ignores the case of letters, as 1Password does for items. */
export function testVault(
  name: string,
  open: (fixtures: Fixtures) => Promise<VaultBench>,
  { ignoresCase = true }: { readonly ignoresCase?: boolean } = {},
): void {
  const withVault = test.extend<VaultFixtures & { readonly bench: VaultBench }>({
    bench: async ({ folder, signedInBench }, use) => {
      const bench = await open({ folder, signedInBench });
      await use(bench);
      await bench.close();
    },
    vault: async ({ bench }, use) => use(bench.vault),
    refer: async ({ bench }, use) => use(bench.refer ?? parseSecretReference),
    read: async ({ vault, refer }, use) => use((text) => readValue(vault, refer(text))),
  });
  withVault.describe(name, () => {
    describeVault(withVault);
    if (!ignoresCase) return;

    withVault('ignores the case of letters', async ({ bench, read }) => {
      await bench.set('admin', 'password', 'correct horse');
      expect(await read('op://Automation/ADMIN/Password')).toBe('correct horse');
    });
  });
}
