import { parseSecretReference, type SecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { login, type Environment } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

const seed = 'JBSWY3DPEHPK3PXP';
let bench: OnePasswordBench;
let environment: Environment;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  environment = bench.environment;
  environment.set('ADMIN_PASSWORD', 'correct horse');
});

test.describe('an Environment', () => {
  test('is read with one call for all of its variables, masked or not', async () => {
    environment.set('ADMIN_USERNAME', 'ada.lovelace', { masked: false });
    for (let index = 1; index <= 100; index += 1) environment.set(`USER_${index}`, `of user ${index}`);
    const names = ['ADMIN_USERNAME', 'ADMIN_PASSWORD', 'USER_1', 'USER_100'];
    expect(await readAll(names.map((name) => refer(name)))).toEqual([
      'ada.lovelace',
      'correct horse',
      'of user 1',
      'of user 100',
    ]);
    expect(routes()).toEqual(['vault', 'overviews', 'item']);
  });

  test('takes eight requests of a vault that is not signed in yet', async ({ coldBench }) => {
    coldBench.environment.set('A', '1');
    const reference = refer('A', coldBench.environment.id);
    expect(await readAll([reference], coldBench.vault)).toEqual(['1']);
    expect([coldBench.vault.requestCount(), coldBench.server.count()]).toEqual([8, 8]);
  });

  test('is read together with items and with other Environments', async () => {
    bench.automation.addItem(login({ title: 'admin', password: 'of the item' }));
    const other = bench.account.addEnvironment({ name: 'other', variables: { KEY: 'of the other' } });
    const { token } = bench.account.addServiceAccount({
      vaults: [{ vault: bench.automation }],
      environments: [environment, other],
    });
    const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
    const references = [
      parseSecretReference('op://automation/admin/password'),
      refer('ADMIN_PASSWORD'),
      refer('KEY', other.id.toUpperCase()),
    ];
    expect(await readAll(references, vault)).toEqual(['of the item', 'correct horse', 'of the other']);
  });

  test('is read again for the next references, so that an edit counts', async () => {
    expect(await readAll([refer('ADMIN_PASSWORD')])).toEqual(['correct horse']);
    environment.set('ADMIN_PASSWORD', 'new');
    expect(await readAll([refer('ADMIN_PASSWORD')])).toEqual(['new']);
  });

  for (const [what, faulty] of [
    ['a connection that is reset', { kind: 'reset' }],
    ['an error of the server', { kind: 'status', status: 503 }],
    ['an answer that is cut off', { kind: 'truncate', bytes: 40 }],
  ] as const)
    test(`is read again after ${what}, at each of its requests`, async () => {
      for (const match of ['vault', 'overviews', 'item'] as const) {
        const handle = bench.server.fault({ ...faulty, match, times: 1 });
        expect(await readAll([refer('ADMIN_PASSWORD')]), match).toEqual(['correct horse']);
        expect(handle.hits()).toBe(1);
      }
    });

  test('is read with a new sign-in when the session has ended', async () => {
    bench.server.expireSessions();
    expect(await readAll([refer('ADMIN_PASSWORD')])).toEqual(['correct horse']);
  });

  test('counts towards the limit on requests', async () => {
    const vault = bench.open({ maxRequests: 2 });
    const error = await errorOf(vault.resolveAll([refer('ADMIN_PASSWORD')]));
    expect(error.code).toBe('ERR_VAULT_BUDGET_SPENT');
    expect([vault.requestCount(), bench.server.count()]).toEqual([2, 2]);
  });

  test('is given up when it does not answer in time', async () => {
    const vault = bench.open({ deadlineMs: 300 });
    bench.server.fault({ match: 'item', kind: 'hang' });
    const error = await errorOf(vault.resolveAll([refer('ADMIN_PASSWORD')]));
    expect(error.message).toContain('1Password did not answer in time.');
  });

  test("is not asked again after 1Password's rate limit", async () => {
    bench.server.fault({ match: 'vault', kind: 'status', status: 429, headers: { 'retry-after': '60' } });
    const vault = bench.open();
    for (const name of ['ADMIN_PASSWORD', 'OTHER'])
      expect((await errorOf(vault.resolveAll([refer(name)]))).code).toBe('ERR_VAULT_RATE_LIMITED');
    expect(bench.server.count('vault')).toBe(1);
  });
});

test.describe('an error of', () => {
  for (const [what, cause, code, message] of [
    [
      'a variable that is missing',
      () => refer('ADMIN_PASWORD'),
      'ERR_VAULT_NOT_FOUND',
      'Its Environment has one variable, but no "ADMIN_PASWORD". Check the spelling of the name, or add the ' +
        'variable to the Environment in 1Password.',
    ],
    [
      'a variable in the wrong case',
      () => refer('admin_password'),
      'ERR_VAULT_NOT_FOUND',
      'Its Environment has one variable, but no "admin_password". Write "ADMIN_PASSWORD": names of variables are ' +
        'case-sensitive.',
    ],
    [
      'a variable that is empty',
      () => {
        environment.set('ADMIN_PASSWORD', '');
        return refer('ADMIN_PASSWORD');
      },
      'ERR_VAULT_NOT_FOUND',
      'The variable is empty. Fill it in in 1Password.',
    ],
    [
      'a name that two variables have',
      () => {
        environment.add('ADMIN_PASSWORD', 'another');
        return refer('ADMIN_PASSWORD');
      },
      'ERR_VAULT_AMBIGUOUS',
      'Its Environment has 2 variables of this name. Rename or remove the others in 1Password.',
    ],
    [
      'an Environment that does not exist',
      () => refer('ADMIN_PASSWORD', 'a'.repeat(26)),
      'ERR_VAULT_NOT_FOUND',
      'The vault credential can see no Environment of this ID. It was deleted, belongs to another account, or is ' +
        'not shared with this credential. Check the ID in 1Password: Manage environment > Copy environment ID. ' +
        'Give the service account or the workload access to this Environment.',
    ],
    [
      'an Environment that the token cannot read',
      () => refer('KEY', bench.account.addEnvironment({ name: 'hidden', variables: { KEY: 'x' } }).id),
      'ERR_VAULT_NOT_FOUND',
      'The vault credential can see no Environment of this ID.',
    ],
    [
      'an Environment that 1Password denies',
      () => {
        bench.server.fault({ match: 'overviews', kind: 'status', status: 403 });
        return refer('ADMIN_PASSWORD');
      },
      'ERR_VAULT_DENIED',
      '1Password denied access to the Environment. Give the service account or the workload read access to it in ' +
        '1Password.',
    ],
    [
      'an Environment that is archived',
      () => {
        environment.item.archive();
        return refer('ADMIN_PASSWORD');
      },
      'ERR_VAULT_NOT_FOUND',
      'Its Environment is archived or deleted. Restore the Environment in 1Password, or use another one.',
    ],
    [
      'an Environment that is corrupted',
      () => {
        environment.vault.addItem(login({ title: 'a second item' }));
        return refer('ADMIN_PASSWORD');
      },
      'ERR_VAULT_NOT_FOUND',
      '1Password reports its Environment as corrupted. Open the Environment in 1Password.',
    ],
    [
      'the ID of a vault',
      () => refer('ADMIN_PASSWORD', bench.automation.id),
      'ERR_VAULT_NOT_FOUND',
      'Its ID is not the ID of an Environment. It may be the ID of a vault. Check the ID in 1Password: Manage ' +
        'environment > Copy environment ID. For an item of a vault, write op://vault/item/field.',
    ],
  ] satisfies [string, () => SecretReference, string, string][])
    test(`${what} says so, and leaves the others their values`, async () => {
      const reference = cause();
      bench.automation.addItem(login({ title: 'admin', password: 'of the item' }));
      const there = parseSecretReference('op://automation/admin/password');
      const answers = await bench.vault.resolveAll([there, reference]);
      const error = answers.get(reference.text);
      expect(error).toMatchObject({ code, reference: reference.text });
      expect(String(error)).toContain(`Secret reference "${reference.text}" cannot be resolved. ${message}`);
      expect(String(error)).not.toContain('correct horse');
      if (!what.endsWith('denies')) expect(shown(answers.get(there.text))).toBe('of the item');
    });

  test('an answer that is not from 1Password is no error of the Environment', async () => {
    bench.server.fault({ match: 'overviews', kind: 'body', body: '<html>' });
    expect((await errorOf(bench.vault.resolveAll([refer('ADMIN_PASSWORD')]))).code).toBe(
      'ERR_VAULT_UNTRUSTED',
    );
  });

  test('an Environment is remembered until the next run', async () => {
    const lost = refer('KEY', 'a'.repeat(26));
    const other = refer('OTHER', 'a'.repeat(26));
    const vault = bench.open();
    await vault.resolveAll([lost]);
    expect(String((await vault.resolveAll([other])).get(other.text))).toContain('no Environment of this ID');
    expect((await errorOf(vault.readCode(lost))).code).toBe('ERR_VAULT_NOT_FOUND');
    expect(bench.server.count('vault')).toBe(1);
    vault.forgetFailures?.();
    await vault.resolveAll([lost]);
    expect(bench.server.count('vault')).toBe(2);
  });
});

test.describe('a seed in a variable', () => {
  const code = () => refer('ADMIN_OTP?attribute=otp');

  test('gives codes with its algorithm, digits and period', async () => {
    environment.set('ADMIN_OTP', `otpauth://totp/Acme:ada?secret=${seed}&digits=8&period=60`);
    const { code: given, periodSeconds } = await bench.vault.readCode(code());
    expect(given.reveal()).toMatch(/^\d{8}$/);
    expect(periodSeconds).toBe(60);
    expect(routes()).toEqual(['vault', 'overviews', 'item']);
  });

  test('is reported in both of its forms before its code is given', async () => {
    const uri = `otpauth://totp/Acme:ada?secret=${seed}`;
    environment.set('ADMIN_OTP', uri);
    const secrets: string[] = [];
    const vault = bench.open({ onSecret: (secret) => secrets.push(secret.reveal()) });
    await vault.readCode(code());
    expect(secrets).toEqual([uri, seed]);
  });

  test('an invalid seed is an error without the value', async () => {
    environment.set('ADMIN_OTP', 'correct horse battery');
    const error = await errorOf(bench.vault.readCode(code()));
    expect(error.code).toBe('ERR_TOTP_SEED_INVALID');
    expect(error.message).toContain(`The TOTP seed in ${code().text} is invalid.`);
    expect(error.explanation.next).toMatch(
      /^Set ADMIN_OTP in the Environment in 1Password to the seed\. A seed is/,
    );
    expect(error.message).not.toContain('horse');
  });
});

function refer(path: string, id = environment.id): SecretReference {
  return parseSecretReference(`op-env://${id}/${path}`);
}

async function readAll(references: readonly SecretReference[], vault = bench.vault): Promise<string[]> {
  const answers = await vault.resolveAll(references);
  return references.map(({ text }) => shown(answers.get(text)));
}

function shown(answer: unknown): string {
  return answer instanceof SecretValue ? answer.reveal() : String(answer);
}

/** Without the key set, which a client requests once. */
function routes(): readonly string[] {
  return bench.server
    .requests()
    .map(({ route }) => route)
    .filter((route) => route !== 'keysets');
}
