import '../support/onepassword/workload-seam.mjs';
import { expect, test } from '@playwright/test';
import type { Vault } from '../../src/core/ports.js';
import { parseLogin, parseSecretReference, type SecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { withLeastPrivilege } from '../../src/credentials/least-privilege.js';
import { openVault } from '../../src/credentials/open-vault.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { systemClock } from '../../src/time/system-clock.js';
import type { OnePasswordVaultOptions } from '../../src/vault/one-password/vault-options.js';
import type { WorkloadAuth } from '../../src/vault/one-password/one-password-auth.js';
import { declareSession } from '../support/declared-session.js';
import { startGithubJob, type GithubJob } from '../support/onepassword/github-job.js';
import type { Environment, Fault, Workload } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { openOnePasswordBench, type OnePasswordBench } from '../support/vault/one-password-bench.js';

/**
 * The unmodified SDK gets an OIDC token, exchanges it, and asks for the configuration of an Environment. The last step,
 * to the attested enclave, is that of the tests: see `workload-seam.mjs`.
 */
let bench: OnePasswordBench;
let job: GithubJob;
let environment: Environment;
let workload: Workload;
let auth: WorkloadAuth;

test.beforeEach(async () => {
  bench = await openOnePasswordBench();
  job = await startGithubJob('repo:acme/shop');
  environment = bench.environment;
  environment.set('ADMIN_USERNAME', 'ada.lovelace', { masked: false });
  environment.set('ADMIN_PASSWORD', 'correct horse');
  workload = bench.account.addWorkload({ subject: 'repo:acme/shop', environments: [environment] });
  auth = authOf(workload);
});

test.afterEach(async () => {
  await job.close();
  await bench.close();
});

test('a job reads an Environment by its identity alone, and its requests are counted', async () => {
  const vault = open();
  expect(await read(vault, 'ADMIN_USERNAME', 'ADMIN_PASSWORD')).toEqual(['ada.lovelace', 'correct horse']);
  expect(routes()).toEqual(['exchange-token', 'configurations', 'enclave']);
  expect(vault.requestCount()).toBe(3);
  expect(job.audiences).toEqual([new URL(bench.server.url).host]);
  expect(await read(vault, 'ADMIN_PASSWORD')).toEqual(['correct horse']);
  expect(routes().filter((route) => route === 'exchange-token')).toHaveLength(1);
});

test('overlapping reads of two vaults are each counted once', async () => {
  const [one, other] = [open(), open()];
  await Promise.all([
    read(one, 'ADMIN_PASSWORD'),
    read(one, 'ADMIN_USERNAME'),
    read(other, 'ADMIN_PASSWORD'),
  ]);
  expect([one.requestCount() + other.requestCount(), bench.server.count()]).toEqual([8, 8]);
});

test('a request of other code is not counted while the SDK reads', async () => {
  const vault = open();
  const handle = bench.server.fault({ match: 'exchange-token', kind: 'delay', delayMs: 100 });
  const reading = read(vault, 'ADMIN_PASSWORD');
  await fetch(new Request(`${bench.server.url}/of/other/code`));
  await reading;
  expect(handle.hits()).toBe(1);
  expect([vault.requestCount(), bench.server.count()]).toEqual([3, 4]);
});

test('the limit on requests holds', async () => {
  const vault = open({ maxRequests: 1 });
  expect((await errorOf(vault.resolveAll([refer('ADMIN_PASSWORD')]))).code).toBe('ERR_VAULT_BUDGET_SPENT');
  expect(bench.server.count()).toBe(1);
});

for (const match of ['exchange-token', 'configurations', 'enclave'] as const)
  test(`1Password is given up when it does not answer at ${match}`, async () => {
    bench.server.fault({ match, kind: 'hang' });
    const error = await errorOf(open({ deadlineMs: 1000 }).resolveAll([refer('ADMIN_PASSWORD')]));
    expect(error.message).toContain('1Password did not answer in time.');
  });

test('a rejected access token is replaced by a new one', async () => {
  const vault = open();
  await read(vault, 'ADMIN_PASSWORD');
  workload.forgetTokens();
  expect(await read(vault, 'ADMIN_PASSWORD')).toEqual(['correct horse']);
});

test('a code comes from a seed in the Environment', async () => {
  environment.set('ADMIN_OTP', 'JBSWY3DPEHPK3PXP');
  const { code } = await open().readCode(refer('ADMIN_OTP?attribute=otp'));
  expect(code.reveal()).toMatch(/^\d{6}$/);
});

test.describe('a temporary failure is retried:', () => {
  for (const fault of [
    { kind: 'reset' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'truncate', bytes: 5 },
  ] satisfies Fault[])
    test(JSON.stringify(fault), async () => {
      const handles = (['exchange-token', 'configurations'] as const).map((match) =>
        bench.server.fault({ ...fault, match, times: 1 }),
      );
      expect(await read(open(), 'ADMIN_PASSWORD')).toEqual(['correct horse']);
      expect(handles.map((handle) => handle.hits())).toEqual([1, 1]);
    });
});

test.describe('a sign-in says why it fails:', () => {
  for (const [what, arrange, code, message] of [
    [
      'another workload',
      () => ({ ...auth, workloadUuid: 'a'.repeat(26) }),
      'ERR_VAULT_CREDENTIAL_INVALID',
      "1Password rejected this job's workload identity. The workload does not allow this job, or the UUID or the " +
        'integration key is of another one. Check onePassword.auth.workloadIdentity, OP_INTEGRATION_KEY, and the ' +
        'workload in 1Password.',
    ],
    [
      'a job that the workload does not allow',
      () => authOf(bench.account.addWorkload({ subject: 'repo:acme/other', environments: [] })),
      'ERR_VAULT_CREDENTIAL_INVALID',
      "1Password rejected this job's workload identity.",
    ],
    [
      'an integration key that was cut short',
      () => ({ ...auth, customerManagedSecret: new SecretValue('ops_eyJ2ZXIi', 'key') }),
      'ERR_VAULT_CREDENTIAL_INVALID',
      'The integration key is malformed. A key begins with "ops_" and is one long line without spaces. Copy the ' +
        'integration key of the workload again, and replace OP_INTEGRATION_KEY.',
    ],
    [
      'a job without the permission',
      () => {
        job.answerWith(403);
        return auth;
      },
      'ERR_VAULT_CREDENTIAL_INVALID',
      'GitHub issued no OIDC token for this job. Its token service answered with status 403. Give the job the ' +
        'permission "id-token: write".',
    ],
    [
      "GitHub's token service out of reach",
      () => ({
        ...auth,
        oidcRequest: { url: 'http://127.0.0.1:1/?x=1', token: new SecretValue('t', 't') },
      }),
      'ERR_VAULT_UNREACHABLE',
      "GitHub's token service could not be reached.",
    ],
    [
      'an answer that is not from 1Password',
      () => {
        bench.server.fault({ match: 'exchange-token', kind: 'body', body: '<html>' });
        return auth;
      },
      'ERR_VAULT_UNTRUSTED',
      'The response is not from 1Password.',
    ],
    [
      "1Password's rate limit",
      () => {
        bench.server.fault({ match: 'exchange-token', kind: 'status', status: 429 });
        return auth;
      },
      'ERR_VAULT_RATE_LIMITED',
      "1Password's rate limit is reached.",
    ],
  ] satisfies [string, () => WorkloadAuth, string, string][])
    test(what, async () => {
      const chosen = arrange();
      const error = await errorOf(open({ auth: chosen }).resolveAll([refer('ADMIN_PASSWORD')]));
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
      for (const secret of [chosen.customerManagedSecret, chosen.oidcRequest.token])
        if (secret.reveal().length > 1) expect(error.message).not.toContain(secret.reveal());
      expect(bench.server.count('configurations')).toBe(0);
    });
});

test.describe('an Environment says why it cannot be read:', () => {
  for (const [what, arrange, code, message] of [
    [
      'it is not of the workload',
      () => bench.account.addEnvironment({ name: 'other' }).id,
      'ERR_VAULT_DENIED',
      'The workload has no access to this Environment. Add the Environment to the workload in 1Password, or check ' +
        'its ID.',
    ],
    [
      '1Password denies access',
      () => fault({ kind: 'status', status: 403 }),
      'ERR_VAULT_DENIED',
      '1Password denied access to the Environment.',
    ],
    [
      'it is unknown',
      () => fault({ kind: 'status', status: 404 }),
      'ERR_VAULT_NOT_FOUND',
      'The vault credential can see no Environment of this ID.',
    ],
  ] satisfies [string, () => string, string, string][])
    test(what, async () => {
      const reference = refer('ADMIN_PASSWORD', arrange());
      const error = (await open().resolveAll([reference])).get(reference.text);
      expect(error).toMatchObject({ code, reference: reference.text });
      expect(String(error)).toContain(message);
    });

  test('its access tokens are rejected, new ones too', async () => {
    fault({ kind: 'status', status: 401 });
    const error = await errorOf(open().resolveAll([refer('ADMIN_PASSWORD')]));
    expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    expect(error.message).toContain("1Password no longer accepts this job's workload identity.");
  });

  test('the enclave fails', async () => {
    bench.server.fault({ match: 'enclave', kind: 'status', status: 500 });
    const error = await errorOf(open().resolveAll([refer('ADMIN_PASSWORD')]));
    expect(error.message).toContain("1Password's credential broker could not be used.");
  });

  function fault(kind: Fault): string {
    bench.server.fault({ ...kind, match: 'configurations' });
    return environment.id;
  }
});

test.describe('an item', () => {
  test('is refused before the first request, for each session at once', () => {
    const { username, password, totp } = parseLogin('op://automation/admin');
    const item = parseSecretReference('op://automation/customer/password');
    const sessions = [
      declareSession({
        name: 'admin',
        values: new Map([
          ['username', username],
          ['password', password],
        ]),
        code: totp,
      }),
      declareSession({
        name: 'customer',
        values: new Map([
          ['username', refer('CUSTOMER')],
          ['password', item],
        ]),
        code: undefined,
      }),
    ];
    const error = errorFrom(() => openWith(sessions));
    expect(error).toContain('Session "admin": a workload identity cannot read login.');
    expect(error).toContain(
      'Session "customer": a workload identity cannot read password. "op://automation/customer/password" is in a ' +
        'vault, and 1Password gives a workload only Environments. Move the values into an Environment, and write ' +
        'op-env://ENVIRONMENT_ID/NAME. Or set OP_SERVICE_ACCOUNT_TOKEN, which is used instead.',
    );
    expect([job.audiences, bench.server.count()]).toEqual([[], 0]);
  });

  test('is refused by the SDK itself, which has no request for it', async () => {
    const reference = parseSecretReference('op://automation/admin/password');
    const error = await errorOf(open().resolveAll([reference]));
    expect(error.message).toContain('A workload identity reads only Environments.');
    expect(routes()).toEqual(['exchange-token']);
  });

  test('is no trouble where all references are to Environments, whose seeds are registered as confined', async () => {
    environment.set('ADMIN_OTP', 'JBSWY3DPEHPK3PXP');
    const code = refer('ADMIN_OTP?attribute=otp');
    const values = new Map([['password', refer('ADMIN_PASSWORD')]]);
    const added: SecretValue[] = [];
    const redactor = { ...createRedactor(), add: (secret: SecretValue) => void added.push(secret) };
    const vault = openWith([declareSession({ name: 'admin', values, code })], redactor);
    await vault.readCode(code);
    const seeds = added.filter((secret) => secret.reveal() === 'JBSWY3DPEHPK3PXP');
    expect(seeds.length).toBeGreaterThan(0);
    expect(added.every(({ confined }) => confined)).toBe(true);
  });

  test('an item of another vault connection is not refused', () => {
    const item = parseSecretReference('op://automation/admin/password');
    const own = { name: 'admin', values: new Map([['password', item]]), code: undefined, vault: 'staging' };
    expect(() => openWith([declareSession(own)])).not.toThrow();
  });
});

test('least privilege cannot be checked: strictly, nothing is read', async () => {
  const options = { references: [refer('ADMIN_PASSWORD')], warn: () => undefined };
  const signal = new AbortController().signal;
  const strict = withLeastPrivilege(open(), { ...options, signal, strict: true });
  const error = await errorOf(strict.resolveAll([refer('ADMIN_PASSWORD')]));
  expect(error.code).toBe('ERR_LEAST_PRIVILEGE');
  expect(error.message).toContain('What a workload identity can read is not known.');
  expect(bench.server.count()).toBe(0);
  const usual = withLeastPrivilege(open(), { ...options, signal, strict: false });
  expect(await read(usual, 'ADMIN_PASSWORD')).toEqual(['correct horse']);
});

function authOf({ id, integrationKey }: Workload): WorkloadAuth {
  return {
    kind: 'workload',
    workloadUuid: id,
    customerManagedSecret: new SecretValue(integrationKey, 'OP_INTEGRATION_KEY'),
    oidcRequest: { url: job.requestUrl, token: new SecretValue(job.requestToken, 'request token') },
  };
}

function open(options: Partial<OnePasswordVaultOptions> = {}): Vault {
  return bench.open({ auth, ...options });
}

function openWith(
  sessions: readonly ReturnType<typeof declareSession>[],
  redactor = createRedactor(),
): Vault {
  return openVault({
    suite: {},
    auth,
    sessions: new Map(sessions.map((one) => [one.name, one])),
    redactor,
    clock: systemClock,
    random: () => 0,
    folder: '/',
  });
}

function refer(path: string, id = environment.id): SecretReference {
  return parseSecretReference(`op-env://${id}/${path}`);
}

async function read(vault: Vault, ...names: readonly string[]): Promise<string[]> {
  const references = names.map((name) => refer(name));
  const answers = await vault.resolveAll(references);
  return references.map(({ text }) => {
    const answer = answers.get(text);
    return answer instanceof SecretValue ? answer.reveal() : String(answer);
  });
}

function routes(): readonly string[] {
  return bench.server.requests().map(({ route }) => route);
}

function errorFrom(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return 'no error';
}
