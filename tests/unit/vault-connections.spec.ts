import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { SuiteOptions } from '../../src/core/suite-options.js';
import { completeSession } from '../../src/core/complete-session.js';
import { defineVault } from '../../src/core/defined-vault.js';
import { entryKey } from '../../src/core/entry-key.js';
import { decideEnvironment } from '../../src/core/environment.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { Vault } from '../../src/core/ports.js';
import { withoutCredentials } from '../../src/core/without-credentials.js';
import { credentialTroubles } from '../../src/vault/one-password/credential-troubles.js';
import { environmentTroubles } from '../../src/vault/one-password/environment-troubles.js';
import { referenceTroubles } from '../../src/vault/one-password/reference-troubles.js';
import { budgetSpent, rateLimited } from '../../src/vault/one-password/refusals.js';
import { errorOf } from '../support/session-bench.js';
import { parseSecretReference, referenceIdentity } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';
import { formatVaults, tokenVariables } from '../../src/core/vault-connection.js';
import { chooseVaultAuths } from '../../src/credentials/choose-vault-auths.js';
import { nameConnection } from '../../src/credentials/name-connection.js';
import { openEnvironment } from '../../src/credentials/open-environment.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { localKey } from '../../src/vault/local/local-key.js';
import { declareSession } from '../support/declared-session.js';
import { test } from '../support/store/temporary-folder.js';

const own = declareSession();
const ofStaging = declareSession({ name: 'tenant', vault: 'staging' });
const recorder = declareSession({ name: 'by-hand', type: 'recorder', vault: undefined });
const token = { value: 'ops_own', source: 'OP_SERVICE_ACCOUNT_TOKEN' };
const stagingToken = { OP_SERVICE_ACCOUNT_TOKEN_STAGING: 'ops_staging' };
const suite: SuiteOptions = { vaults: { staging: {} } };

test.describe('the name of a vault connection', () => {
  test('gives its variables', () => {
    expect(tokenVariables('acme-qa')).toEqual({
      token: 'OP_SERVICE_ACCOUNT_TOKEN_ACME_QA',
      tokenFile: 'OP_SERVICE_ACCOUNT_TOKEN_ACME_QA_FILE',
    });
  });

  test('cannot be one that shares a variable with another', () => {
    const names = (name: string) => () =>
      validateDeclaration({ sessions: { admin: { type: 'recorder' } }, vaults: { [name]: {} } }, 'a.ts');
    for (const name of ['staging', 'acme-qa', 'a1', 'profile']) expect(names(name), name).not.toThrow();
    for (const name of ['Staging', 'acme_qa', 'acme--qa', 'file', 'qa-file', '1a', '', 'a-', 'a b'])
      expect(names(name), name).toThrow('Expected: a name of lower-case letters');
  });

  test('keeps references with the same text apart', () => {
    const declaration = {
      flow: 'flow.ts',
      parameters: {
        password: 'op://automation/admin/password',
        otp: 'op://automation/admin/otp?attribute=otp',
      },
    } as const;
    const complete = (vault: object) =>
      completeSession(
        'admin',
        { ...declaration, ...vault },
        {
          loaded: { flow: undefined, digest: '' },
          variables: {},
          errors: [],
        },
      );
    const [here, there] = [complete({}), complete({ vault: 'staging' })];
    expect(entryKey(here, undefined)).not.toBe(entryKey(there, undefined));
    for (const of of ['values', 'code'] as const) {
      const references = [here, there].map((one) => (of === 'code' ? one.code : one.values.get('password')));
      expect(new Set(references.map((one) => one?.text)).size).toBe(1);
      expect(new Set(references.map((one) => one && referenceIdentity(one))).size).toBe(2);
    }
    expect(there.values.get('password') && localKey(there.values.get('password')!)).toBe(
      'STAGING__AUTOMATION__ADMIN__PASSWORD',
    );
  });
});

test.describe('the environment of several vault connections', () => {
  const decide = (options: SuiteOptions, found: object, sessions = [own, ofStaging], onCi = true) => {
    const { facts } = chooseVaultAuths({ suite: { ...suite, ...options }, sessions }, { onCi, ...found });
    return decideEnvironment(options, facts);
  };

  test('is deployed if each has a token, and names both', () => {
    expect(decide({}, { vaultCredential: token, ofConnections: stagingToken })).toEqual({
      environment: 'deployed',
      why: 'OP_SERVICE_ACCOUNT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are set',
    });
  });

  test('needs no token of a connection that no session uses', () => {
    expect(decide({}, { ofConnections: stagingToken }, [ofStaging, recorder]).environment).toBe('deployed');
    expect(decide({}, { vaultCredential: token }, [own]).environment).toBe('deployed');
    expect(decide({}, { vaultCredential: token }, [recorder]).environment).toBe('deployed');
  });

  for (const onCi of [true, false])
    for (const whenMissing of ['error', 'local', 'skip'] as const)
      test(`is an error if only one has a token, with whenMissing ${whenMissing}${onCi ? ' on CI' : ''}`, () => {
        const sessions = [own, ofStaging];
        expect(() => decide({ whenMissing }, { vaultCredential: token }, sessions, onCi)).toThrow(
          'Not every vault connection has a credential. OP_SERVICE_ACCOUNT_TOKEN is set, but vault connection ' +
            '"staging" has none. Set OP_SERVICE_ACCOUNT_TOKEN_STAGING, or set environment: "local" in the sessions ' +
            'file. [ERR_ENVIRONMENT_MISSING]',
        );
        expect(() => decide({ whenMissing }, { ofConnections: stagingToken }, sessions, onCi)).toThrow(
          "OP_SERVICE_ACCOUNT_TOKEN_STAGING is set, but the suite's own vault has none. Set OP_SERVICE_ACCOUNT_TOKEN,",
        );
      });

  test('is local if the project says so, with any tokens', () => {
    expect(decide({ environment: 'local' }, { vaultCredential: token }).environment).toBe('local');
  });

  test('without any token is what it is for one connection, and names both variables', () => {
    expect(decide({}, {}, undefined, false).environment).toBe('local');
    expect(decide({ whenMissing: 'skip' }, {}).environment).toBe('skip');
    expect(() => decide({}, {})).toThrow(
      'OP_SERVICE_ACCOUNT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are not set.',
    );
  });

  test('asks the app for the account of each connection, except on CI', () => {
    const options = {
      onePassword: { auth: { desktopAccount: 'acme' } },
      vaults: { staging: { auth: { desktopAccount: 'acme staging' } } },
    };
    const { choices } = chooseVaultAuths({ suite: options, sessions: [own, ofStaging] }, { onCi: false });
    expect([...choices.values()].map(({ auth }) => auth)).toEqual([
      { kind: 'desktop', accountName: 'acme' },
      { kind: 'desktop', accountName: 'acme staging' },
    ]);
    expect(decide(options, {}, undefined, false).why).toBe(
      'onePassword.auth.desktopAccount and vaults.staging.auth.desktopAccount are set',
    );
    expect(() => decide(options, {}, undefined, true)).toThrow('ERR_ENVIRONMENT_MISSING');
  });

  test("does not give the job's identity to another connection than the suite's own", () => {
    const options = { onePassword: { auth: { workloadIdentity: { workloadUuid: 'a' } } } };
    const workload = { requestUrl: 'u', requestToken: 't', integrationKey: 'k' };
    expect(() => decide(options, { workload })).toThrow('vault connection "staging" has none.');
  });

  test('is deployed if all variables of a defined vault are set, and names its vaults', () => {
    const variables = ['AUTH_SESSIONS_VAULT_ID', 'AUTH_SESSIONS_VAULT_KEY'] as const;
    const resolveAll = () => Promise.resolve(new Map<string, string>());
    const vault = defineVault({ name: 'hashicorp', secrets: variables, resolveAll });
    const both = { AUTH_SESSIONS_VAULT_ID: 'a', AUTH_SESSIONS_VAULT_KEY: 'b' };
    const others = { AUTH_SESSIONS_VAULT_OTHER: 'c' };
    const { choices } = chooseVaultAuths(
      { suite: { vault }, sessions: [own] },
      {
        onCi: true,
        ofConnections: { ...both, ...others },
      },
    );
    expect(choices.get(undefined)?.auth).toEqual({ kind: 'defined', secrets: both });
    const one = { ofConnections: { AUTH_SESSIONS_VAULT_ID: 'a' }, vaultCredential: token };
    for (const onCi of [true, false])
      expect(() => decide({ vault, whenMissing: 'local' }, one, [own], onCi)).toThrow(
        'AUTH_SESSIONS_VAULT_ID is set, but AUTH_SESSIONS_VAULT_KEY is not. Set AUTH_SESSIONS_VAULT_KEY,',
      );
    expect(decide({ vault }, {}, [own], false).environment).toBe('local');
    expect(() => decide({ vault }, {}, [own])).toThrow(
      'AUTH_SESSIONS_VAULT_ID and AUTH_SESSIONS_VAULT_KEY are not set',
    );
    const withoutSecrets = defineVault({ name: 'machine', resolveAll });
    expect(decide({ vault: withoutSecrets }, {}, [own]).why).toBe('vault machine is set');
    expect(() => decide({ vault: withoutSecrets }, {})).toThrow('vault connection "staging" has none.');
    expect(
      formatVaults({ vault, vaults: { staging: {}, other: vault } }, [undefined, 'staging', 'other']),
    ).toBe('hashicorp and 1Password');
    expect(() =>
      validateDeclaration({ sessions: { admin: { type: 'recorder' } }, vault, onePassword: {} }, 'a.ts'),
    ).toThrow('Expected: vault or onePassword, not both');
  });

  test("reads a connection's token from its file, registers it, and warns if others can read it", async ({
    folder,
  }) => {
    const file = path.join(folder, 'staging-token');
    await writeFile(file, 'ops_from-the-file\n', { mode: 0o644 });
    const redactor = createRedactor();
    const opened = openEnvironment({
      ...{ suite, redactor, onCi: true, vaultCredential: undefined, workload: {} },
      sessions: new Map([['tenant', ofStaging]]),
      ofConnections: { OP_SERVICE_ACCOUNT_TOKEN_STAGING_FILE: file },
    });
    expect(opened.decision.why).toBe('OP_SERVICE_ACCOUNT_TOKEN_STAGING_FILE is set');
    expect(opened.credential?.reveal()).toBe('ops_from-the-file');
    expect(redactor.redact('ops_from-the-file')).toBe('[redacted:vault credential of staging]');
    expect([...redactor.secrets()].map(({ confined }) => confined)).toEqual([true]);
    if (process.platform !== 'win32') expect(opened.warnings.join()).toContain(`chmod 600`);
  });
});

test('errors of a connection name it, its variable and its options', async () => {
  const reference = parseSecretReference('op://automation/admin/password');
  const failure = new AuthSessionsError(
    'ERR_VAULT_BUDGET_SPENT',
    {
      failed: '1Password rejected the token.',
      next: 'Replace OP_SERVICE_ACCOUNT_TOKEN, or raise onePassword.maxVaultRequests.',
    },
    { reference: reference.text },
  );
  const vault: Vault = {
    kind: 'one-password',
    resolveAll: () =>
      Promise.resolve(
        new Map<string, SecretValue | AuthSessionsError>([
          ['a', failure],
          ['b', new SecretValue('x', 'b')],
        ]),
      ),
    readCode: () => Promise.reject(failure),
    requestCount: () => 1,
  };
  const named = nameConnection(vault, 'acme-qa');
  const message =
    'Vault connection "acme-qa": 1Password rejected the token. Replace OP_SERVICE_ACCOUNT_TOKEN_ACME_QA, or raise ' +
    'vaults.acme-qa.maxVaultRequests. [ERR_VAULT_BUDGET_SPENT]';
  const answers = await named.resolveAll([reference]);
  expect(String(answers.get('a'))).toContain(message);
  expect(answers.get('b')).toBeInstanceOf(SecretValue);
  await expect(named.readCode(reference)).rejects.toMatchObject({ message, reference: reference.text });
  expect(nameConnection(vault, undefined)).toBe(vault);
  expect('inspectReach' in named).toBe(false);
});

test('advice about a connection names no variable or option of another', async () => {
  const troubles = [...credentialTroubles, ...environmentTroubles, ...referenceTroubles];
  const errors = [
    budgetSpent(500),
    rateLimited(undefined, 0),
    ...troubles.map(([, { code, explanation }]) => new AuthSessionsError(code, explanation)),
  ];
  const tokenFile = new AuthSessionsError('ERR_VAULT_CREDENTIAL_INVALID', {
    failed: 'OP_SERVICE_ACCOUNT_TOKEN_FILE names no file, and OP_SERVICE_ACCOUNT_TOKEN is not set.',
    next: 'Set OP_SERVICE_ACCOUNT_TOKEN_FILE.',
  });
  const named = async (failure: AuthSessionsError) => {
    const readCode = () => Promise.reject(failure);
    const vault: Vault = {
      kind: 'one-password',
      resolveAll: () => Promise.resolve(new Map()),
      readCode,
      requestCount: () => 1,
    };
    return errorOf(nameConnection(vault, 'acme-qa').readCode(parseSecretReference('op://a/b/c')));
  };
  for (const error of [...errors, tokenFile]) {
    const { message } = await named(error);
    expect(message).toContain('Vault connection "acme-qa"');
    expect(message).not.toMatch(/OP_SERVICE_ACCOUNT_TOKEN(?!_ACME_QA)|onePassword\./);
  }
  expect((await named(tokenFile)).message).toContain('Set OP_SERVICE_ACCOUNT_TOKEN_ACME_QA_FILE.');
  const quoting = new AuthSessionsError('ERR_VAULT_NOT_FOUND', {
    failed: 'Secret reference "op://onePassword.team/OP_SERVICE_ACCOUNT_TOKEN/x" cannot be resolved.',
    next: 'Check its spelling.',
  });
  expect((await named(quoting)).message).toContain('"op://onePassword.team/OP_SERVICE_ACCOUNT_TOKEN/x"');
});

test('a skipped session names the variables that the suite declares', () => {
  const { facts } = chooseVaultAuths({ suite, sessions: [own, ofStaging] }, { onCi: true });
  const { why } = decideEnvironment({ whenMissing: 'skip' }, facts);
  expect(withoutCredentials('tenant', why).message).toContain(
    'The project says to skip: OP_SERVICE_ACCOUNT_TOKEN and OP_SERVICE_ACCOUNT_TOKEN_STAGING are not set on this ' +
      'machine. Set the missing credential',
  );
});
