import { expect, test } from '@playwright/test';
import { ciSecrets, describeCiSecret } from '../../src/cli/init/ci-secrets.js';
import { declaredReferences } from '../../src/cli/init/named-references.js';
import { vaultCommands } from '../../src/cli/init/vault-commands.js';
import { defineVault } from '../../src/core/defined-vault.js';
import type { SuiteOptions } from '../../src/core/suite-options.js';
import { declareSession } from '../support/declared-session.js';

const own = declareSession();
const ofStaging = declareSession({ name: 'tenant', vault: 'staging' });
const ofHashicorp = declareSession({ name: 'other', vault: 'hashicorp' });
const hashicorp = defineVault({
  name: 'hashicorp',
  secrets: ['AUTH_SESSIONS_VAULT_TOKEN'],
  resolveAll: () => Promise.resolve(new Map()),
});

function suite(options: SuiteOptions, ...sessions: readonly (typeof own)[]) {
  return { options, sessions: new Map(sessions.map((session) => [session.name, session])) };
}

test('a workflow gets one secret for each connection that sessions use', () => {
  const declared = suite({ vaults: { staging: {}, unused: {}, hashicorp } }, own, ofStaging, ofHashicorp);
  expect(ciSecrets('token', declared)).toEqual([
    'OP_SERVICE_ACCOUNT_TOKEN',
    'OP_SERVICE_ACCOUNT_TOKEN_STAGING',
    'AUTH_SESSIONS_VAULT_TOKEN',
  ]);
  expect(ciSecrets('token', suite({ vaults: { staging: {} } }, ofStaging))).toEqual([
    'OP_SERVICE_ACCOUNT_TOKEN_STAGING',
  ]);
});

test("only the suite's own vault uses the job's identity", () => {
  expect(ciSecrets('workload', suite({ vaults: { staging: {} } }, own, ofStaging))).toEqual([
    'OP_INTEGRATION_KEY',
    'OP_SERVICE_ACCOUNT_TOKEN_STAGING',
    'AUTH_SESSIONS_KEY',
  ]);
});

test("a suite without a 1Password token needs the store's key", () => {
  expect(ciSecrets('token', suite({ vault: hashicorp }, own))).toEqual([
    'AUTH_SESSIONS_VAULT_TOKEN',
    'AUTH_SESSIONS_KEY',
  ]);
});

test('a project that is not set up has the secrets of its 1Password vault', () => {
  expect([ciSecrets('token'), ciSecrets('workload'), ciSecrets('none')]).toEqual([
    ['OP_SERVICE_ACCOUNT_TOKEN'],
    ['OP_INTEGRATION_KEY', 'AUTH_SESSIONS_KEY'],
    [],
  ]);
});

test('a secret of a connection is described by its name', () => {
  expect(describeCiSecret('OP_SERVICE_ACCOUNT_TOKEN_ACME_QA')).toBe(
    'the service account token of vault connection "acme-qa" for CI',
  );
  expect(describeCiSecret('AUTH_SESSIONS_VAULT_TOKEN')).toBe('a credential of your vault for CI');
});

test("the commands of a vault are separate for each connection's account, with its variable", () => {
  const [{ reference }] = declaredReferences([own]) as [ReturnType<typeof declaredReferences>[number]];
  const parts = vaultCommands(reference.vault, declaredReferences([own, ofStaging])).split(
    '# For vault connection "staging": ',
  );
  expect(parts).toHaveLength(2);
  for (const part of parts) {
    expect(part).toContain('op vault create ');
    expect(part).toContain('op item create ');
  }
  expect(parts[0]).toContain('# as the secret OP_SERVICE_ACCOUNT_TOKEN.');
  expect(parts[1]).toContain('# as the secret OP_SERVICE_ACCOUNT_TOKEN_STAGING.');
});
