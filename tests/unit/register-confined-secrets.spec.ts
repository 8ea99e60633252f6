import { expect, test } from '@playwright/test';
import type { SecretValue } from '../../src/core/secret-value.js';
import { registerConfinedSecrets } from '../../src/credentials/register-confined-secrets.js';

const secrets = {
  vaultCredential: { value: 'ops_token', source: 'OP_SERVICE_ACCOUNT_TOKEN' },
  workload: { requestUrl: 'https://job', requestToken: 'job-token', integrationKey: 'op-key' },
  storeKey: 'store-key',
  storeUrl: 'rediss://shop:p%40ss@cache:1',
  ofConnections: {
    OP_SERVICE_ACCOUNT_TOKEN_STAGING: 'ops_staging',
    OP_SERVICE_ACCOUNT_TOKEN_QA_FILE: '/run/secrets/qa',
    AUTH_SESSIONS_VAULT_FILE: 'other-token',
  },
};

test('each process registers every secret that opens the vault or the store, by its variable', () => {
  const added: SecretValue[] = [];
  registerConfinedSecrets(secrets, { add: (value) => void added.push(value) });
  expect(added.map((value) => [value.reveal(), value.label, value.confined])).toEqual([
    ['ops_token', 'vault credential', false],
    ['job-token', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', false],
    ['op-key', 'OP_INTEGRATION_KEY', false],
    ['store-key', 'AUTH_SESSIONS_KEY', false],
    ['ops_staging', 'OP_SERVICE_ACCOUNT_TOKEN_STAGING', false],
    ['other-token', 'AUTH_SESSIONS_VAULT_FILE', false],
    ['rediss://shop:p%40ss@cache:1', 'AUTH_SESSIONS_STORE_URL', false],
    ['shop:p%40ss', 'AUTH_SESSIONS_STORE_URL', false],
    ['p%40ss', 'AUTH_SESSIONS_STORE_URL', false],
    ['p@ss', 'AUTH_SESSIONS_STORE_URL', false],
  ]);
});

test('the broker keeps them to its process, and unset ones register nothing', () => {
  const added: SecretValue[] = [];
  const unset = {
    vaultCredential: undefined,
    workload: {},
    storeKey: '',
    storeUrl: undefined,
    ofConnections: {},
  };
  registerConfinedSecrets(unset, { add: (value) => void added.push(value) }, { confined: true });
  expect(added).toEqual([]);
  registerConfinedSecrets(
    { ...unset, storeKey: 'key' },
    { add: (value) => void added.push(value) },
    { confined: true },
  );
  expect(added.map(({ confined }) => confined)).toEqual([true]);
});
