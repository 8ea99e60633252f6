import { expect, mergeTests } from '@playwright/test';
import { describeVault, type VaultContents } from '../../../fixtures/vault-suite.js';
import type { Vault } from '../../../src/core/ports.js';
import { parseSecretReference } from '../../../src/core/secret-reference.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { test as withFolder } from '../store/temporary-folder.js';
import type { OnePasswordBench } from './one-password-bench.js';
import { test as withSignedInBench } from './signed-in-test.js';

/** A vault called `automation`, and the way to put something into it. */
export interface VaultBench extends VaultContents {
  readonly vault: Vault;
  close(): Promise<void>;
}

interface Fixtures {
  readonly folder: string;
  readonly signedInBench: OnePasswordBench;
}

const test = mergeTests(withFolder, withSignedInBench);

/** What every vault promises, and that it ignores the case of letters, as 1Password does. */
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
    describeVault(withVault);

    withVault('ignores the case of letters', async ({ bench, vault }) => {
      await bench.set('admin', 'password', 'correct horse');
      const reference = parseSecretReference('op://Automation/ADMIN/Password');
      const answer = (await vault.resolveAll([reference])).get(reference.text);
      expect(answer instanceof SecretValue && answer.reveal()).toBe('correct horse');
    });
  });
}
