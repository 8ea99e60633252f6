import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as sdk from '@1password/sdk';
import { expect } from '@playwright/test';
import { decideEnvironment } from '../../src/core/environment.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';
import { chooseVaultAuth } from '../../src/credentials/choose-vault-auth.js';
import {
  dropSecretsFrom,
  findToken,
  giveJobIdentityBackTo,
  confinedVariables,
  confinedSecrets,
  confineSecretsOf,
  withConfinedSecrets,
} from '../../src/credentials/confined-secrets.js';
import { toSdkAuth, type WorkloadAuth } from '../../src/vault/one-password/one-password-auth.js';
import { login } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { test } from '../support/store/temporary-folder.js';
import { openOnePasswordBench } from '../support/vault/one-password-bench.js';

const password = parseSecretReference('op://automation/admin/password');

const ofConnections = {
  OP_SERVICE_ACCOUNT_TOKEN_STAGING: 'ops_staging',
  OP_SERVICE_ACCOUNT_TOKEN_QA_FILE: 'qa-token',
  AUTH_SESSIONS_VAULT_TOKEN: 'of another vault',
};

test.describe('the environment', () => {
  test('loses every secret, used or not, and keeps the rest', () => {
    const env: NodeJS.ProcessEnv = { HOME: '/home/ada', OP_ACCOUNT: 'acme' };
    for (const variable of Object.values(confinedVariables)) env[variable] = `of ${variable}`;
    Object.assign(env, ofConnections, { OP_SERVICE_ACCOUNT_TOKEN_NOBODYS: ' ' });
    confineSecretsOf(env);
    const rest = { HOME: '/home/ada', OP_ACCOUNT: 'acme' };
    expect(env).toEqual(rest);
    giveJobIdentityBackTo(env);
    expect(env).toEqual({
      ...rest,
      ACTIONS_ID_TOKEN_REQUEST_URL: 'of ACTIONS_ID_TOKEN_REQUEST_URL',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    });
    expect(confinedSecrets()).toEqual({
      vaultCredential: {
        value: 'of OP_SERVICE_ACCOUNT_TOKEN',
        source: 'OP_SERVICE_ACCOUNT_TOKEN',
      },
      workload: {
        requestUrl: 'of ACTIONS_ID_TOKEN_REQUEST_URL',
        requestToken: 'of ACTIONS_ID_TOKEN_REQUEST_TOKEN',
        integrationKey: 'of OP_INTEGRATION_KEY',
      },
      storeKey: 'of AUTH_SESSIONS_KEY',
      storeUrl: 'of AUTH_SESSIONS_STORE_URL',
      ofConnections: { ...ofConnections, OP_SERVICE_ACCOUNT_TOKEN_QA_FILE: path.resolve('qa-token') },
    });
    expect(withConfinedSecrets({})).toMatchObject({
      OP_SERVICE_ACCOUNT_TOKEN: 'of OP_SERVICE_ACCOUNT_TOKEN',
      OP_SERVICE_ACCOUNT_TOKEN_STAGING: 'ops_staging',
    });
  });
});

test("a worker's environment loses what a config brought back, and keeps what it was given", () => {
  const env: NodeJS.ProcessEnv = { ...ofConnections };
  for (const variable of Object.values(confinedVariables)) env[variable] = `of ${variable}`;
  dropSecretsFrom(env);
  expect(Object.keys(env)).toEqual(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
});

test.describe('a token file', () => {
  test('gives the token that is in it', async ({ folder }) => {
    const file = path.join(folder, 'token');
    for (const text of ['ops_abc', 'ops_abc\n', '\ufeffops_abc\r\n', '  ops_abc \n\n']) {
      await writeFile(file, text, { mode: 0o600 });
      expect(findToken(undefined, file)).toEqual({
        value: 'ops_abc',
        source: 'OP_SERVICE_ACCOUNT_TOKEN_FILE',
        file,
        warning: undefined,
      });
    }
  });

  test('a token file that others can read or write gives a warning, which names the file and not the token', async ({
    folder,
  }) => {
    test.skip(process.platform === 'win32', 'Windows has no such mode');
    const file = path.join(folder, 'token');
    await writeFile(file, 'ops_abc');
    for (const [mode, isOpen] of [
      [0o600, false],
      [0o640, false],
      [0o644, true],
      [0o602, true],
    ] as const) {
      await chmod(file, mode);
      expect(findToken(undefined, file)?.warning, mode.toString(8)).toBe(
        isOpen
          ? `other users of this machine can access the vault credential in ${file}: run chmod 600 on it`
          : undefined,
      );
    }
  });

  test('a missing or empty token file is an error that names it', async ({ folder }) => {
    const file = path.join(folder, 'token');
    expect(() => findToken(undefined, file)).toThrow(
      `The file ${file} has no service account token. OP_SERVICE_ACCOUNT_TOKEN_FILE names this file. The system reported ENOENT.` +
        ' Write the token into it, with mode 0600, or set OP_SERVICE_ACCOUNT_TOKEN. ' +
        '[ERR_VAULT_CREDENTIAL_INVALID]',
    );
    await writeFile(file, ' \n');
    expect(() => findToken(undefined, file)).toThrow('It is empty.');
    expect(() => findToken(undefined, folder)).toThrow('The system reported EISDIR.');
    expect(findToken('ops_abc', file)?.source).toBe('OP_SERVICE_ACCOUNT_TOKEN');
  });
});

test.describe('the choice of a vault credential', () => {
  const vaultCredential = { value: 'ops_abc', source: 'OP_SERVICE_ACCOUNT_TOKEN' };
  const workload = { requestUrl: 'https://x.test?y=1', requestToken: 't', integrationKey: 'ops_k' };
  const auth = { desktopAccount: 'acme', workloadIdentity: { workloadUuid: 'w' } };
  const choose = (facts: Parameters<typeof chooseVaultAuth>[1], own: object = auth) => {
    const { auth: chosen, facts: known } = chooseVaultAuth({ onePassword: { auth: own } }, facts);
    return [chosen?.kind, known.credentialSource];
  };

  test('prefers the token to the job, and the job to the app', () => {
    expect(choose({ vaultCredential, workload, onCi: true })).toEqual([
      'service-account',
      'OP_SERVICE_ACCOUNT_TOKEN',
    ]);
    expect(choose({ workload, onCi: true })).toEqual(['workload', 'onePassword.auth.workloadIdentity']);
    expect(choose({ workload: {}, onCi: false })).toEqual(['desktop', 'onePassword.auth.desktopAccount']);
  });

  test('never uses an app on CI, nor a job that is not declared', () => {
    expect(choose({ onCi: true })).toEqual([undefined, undefined]);
    expect(choose({ workload, onCi: true }, {})).toEqual([undefined, undefined]);
  });

  test('says what a workload identity lacks', () => {
    const { facts } = chooseVaultAuth(
      { onePassword: { auth } },
      { workload: { requestUrl: 'x' }, onCi: true },
    );
    expect(() => decideEnvironment({}, facts)).toThrow(
      'This is CI (CI is set), and OP_SERVICE_ACCOUNT_TOKEN is not set; onePassword.auth.workloadIdentity needs ' +
        'ACTIONS_ID_TOKEN_REQUEST_TOKEN and OP_INTEGRATION_KEY.',
    );
  });
});

test('a missing 1Password app is reported with what to do, and without a stack', async () => {
  test.skip(process.platform !== 'linux', 'an app may be there');
  const printed: unknown[] = [];
  const print = console.error;
  console.error = (...all: unknown[]) => printed.push(all);
  try {
    const bench = await openOnePasswordBench({ auth: { kind: 'desktop', accountName: 'acme' } });
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toBe(
      'The 1Password app is not available. It is not installed on this machine, or too old. Install the 1Password ' +
        'app, turn on Settings > Developer > Integrate with other apps, and unlock it, or set ' +
        'OP_SERVICE_ACCOUNT_TOKEN. [ERR_VAULT_APP_UNAVAILABLE]',
    );
    expect('inspectReach' in bench.vault).toBe(false);
    await bench.close();
  } finally {
    console.error = print;
  }
  expect(printed).toEqual([]);
});

test.describe('a workload identity', () => {
  async function serve(status: number, body: string) {
    const asked: { url: string | undefined; authorization: string | undefined }[] = [];
    const http = createServer((request, response) => {
      asked.push({ url: request.url, authorization: request.headers.authorization });
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/token?api-version=2`;
    const auth: WorkloadAuth = {
      kind: 'workload',
      workloadUuid: 'a'.repeat(26),
      customerManagedSecret: new SecretValue('ops_integration-key==', 'key'),
      oidcRequest: { url, token: new SecretValue('request token', 'token') },
    };
    return { auth, asked, close: () => http.close() };
  }

  test('gets its token from the job, for the audience that 1Password names', async () => {
    const { auth, asked, close } = await serve(200, '{"value":"a.b.c"}');
    const { oidcFetcher, workloadDetails } = toSdkAuth(auth, sdk);
    expect(await oidcFetcher?.('https://my.1password.com/a b')).toBe('a.b.c');
    expect(asked).toEqual([
      {
        url: '/token?api-version=2&audience=https%3A%2F%2Fmy.1password.com%2Fa%20b',
        authorization: 'Bearer request token',
      },
    ]);
    expect(workloadDetails).toEqual({
      workloadUuid: 'a'.repeat(26),
      customerManagedSecret: 'ops_integration-key',
    });
    close();
  });

  test('names the permission that the job lacks', async () => {
    for (const [status, body] of [
      [403, '{"message":"no"}'],
      [200, '{}'],
    ] as const) {
      const { auth, close } = await serve(status, body);
      await expect(toSdkAuth(auth, sdk).oidcFetcher?.('x')).rejects.toThrow(
        'Give the job the permission "id-token: write".',
      );
      close();
    }
  });

  test('an integration key that is not one gives one clear error, without a secret in it', async () => {
    const { auth, close } = await serve(200, '{"value":"a.b.c"}');
    for (const secret of ['ops_not-a-key', 'not even that', '']) {
      const customerManagedSecret = new SecretValue(secret, 'key');
      const bench = await openOnePasswordBench({ auth: { ...auth, customerManagedSecret } });
      const error = await errorOf(bench.vault.resolveAll([password]));
      expect(error.message).toContain('The integration key is malformed.');
      expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
      if (secret !== '') expect(error.message).not.toContain(secret);
      await bench.close();
    }
    close();
  });
});

test("integration names pass our check exactly when they pass the SDK's", async () => {
  const bench = await openOnePasswordBench();
  bench.automation.addItem(login({ title: 'admin', password: 'correct horse' }));
  const accepts = (integrationName: string, integrationVersion: string) => {
    try {
      const sessions = { admin: { flow: 'x', parameters: {} } };
      validateDeclaration(
        { sessions, onePassword: { integrationName, integrationVersion } },
        'auth-sessions.ts',
      );
      return true;
    } catch {
      return false;
    }
  };
  for (const [name, version] of [
    ['a'.repeat(40), '1'.repeat(20)],
    ['a b._-', '1.0.0-beta 1'],
  ] as const) {
    expect(accepts(name, version)).toBe(true);
    const vault = bench.open({ integrationName: name, integrationVersion: version });
    expect((await vault.resolveAll([password])).get(password.text)).toBeInstanceOf(SecretValue);
  }
  for (const [name, version] of [
    ['a'.repeat(41), '1'],
    ['a', '1'.repeat(21)],
    ['a!', '1'],
    ['a', '1+2'],
    ['', '1'],
    ['a', ''],
  ] as const) {
    expect(accepts(name, version), `${name} ${version}`).toBe(false);
    const vault = bench.open({ integrationName: name, integrationVersion: version });
    expect((await errorOf(vault.resolveAll([password]))).code).toBe('ERR_VAULT_FAILED');
  }
  await bench.close();
});
