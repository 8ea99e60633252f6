import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from '@playwright/test';
import { testVault } from '../../fixtures/vault-contract.js';
import { defineVault, VaultError, type DefinedVault } from '../../src/core/defined-vault.js';
import { createLoader } from '../../src/declaration/create-loader.js';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { startFakeHashicorp } from '../support/vault/fake-hashicorp.js';

/** The example of the page, as it stands there. */
const folder = mkdtempSync(path.join(tmpdir(), 'docs-vault-'));
const file = path.join(folder, 'hashicorp.ts');
writeFileSync(file, codeBlocks('docs/vaults.md', 'A vault other than 1Password')[0] ?? '');
const loader = createLoader(file, { publicNames: { defineVault, VaultError }, keepIn: false });

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

testVault("the documentation's vault of HashiCorp", async () => {
  const { hashicorp } = (await loader.load(file)) as { hashicorp: (address: string) => DefinedVault };
  const server = await startFakeHashicorp();
  return {
    vault: hashicorp(server.url),
    secrets: { AUTH_SESSIONS_VAULT_TOKEN: server.token },
    rejectedSecrets: { AUTH_SESSIONS_VAULT_TOKEN: 'another-token' },
    set: (item, field, value) => {
      server.write('automation', item, { [field]: value });
      return Promise.resolve();
    },
    close: () => server.close(),
  };
});
