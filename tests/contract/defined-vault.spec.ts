import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { testVault } from '../../fixtures/vault-contract.js';
import { contractSeed } from '../../fixtures/vault-suite.js';
import {
  defineVault,
  VaultError,
  type DefinedVault,
  type VaultAnswers,
  type VaultOptions,
  type VaultSecretName,
} from '../../src/core/defined-vault.js';
import { parseLogin, parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createDefinedVault, type DefinedVaultOptions } from '../../src/vault/defined/defined.js';
import { createFakeClock } from '../support/fake-clock.js';
import { listen } from '../support/listen.js';
import { errorOf } from '../support/session-bench.js';

const secrets = { AUTH_SESSIONS_VAULT_TOKEN: 'root-token-of-the-test' };
const password = parseSecretReference('op://automation/admin/password');
const username = parseSecretReference('op://automation/admin/username');
const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');

/** A vault in memory, whose token is checked, that gives the seed or the code. */
function memoryVault(own: Partial<VaultOptions<'AUTH_SESSIONS_VAULT_TOKEN'>> = {}) {
  const values = new Map<string, string>();
  const vault = defineVault({
    name: 'memory',
    secrets: ['AUTH_SESSIONS_VAULT_TOKEN'],
    async resolveAll(references, given) {
      if (given.secrets.AUTH_SESSIONS_VAULT_TOKEN !== secrets.AUTH_SESSIONS_VAULT_TOKEN)
        throw new VaultError('rejected-credential');
      const answers = references.map(({ text, vault: name, item, section, field }) => {
        const isThere = section === undefined && name === 'automation';
        const value = isThere ? values.get(`${item}/${field}`) : undefined;
        return [text, value ?? new VaultError('not-found')] as const;
      });
      return Promise.resolve(new Map(answers));
    },
    ...own,
  });
  const set = async (item: string, field: string, value: string) =>
    Promise.resolve(void values.set(`${item}/${field}`, value));
  return { vault, secrets, set, values, rejectedSecrets: { AUTH_SESSIONS_VAULT_TOKEN: 'another-token' } };
}

testVault('a defined vault whose one-time passwords are fields with seeds', () =>
  Promise.resolve(memoryVault()),
);

test('a defined vault gives bytes, or text, in Base64 where the reference says so, and bytes nowhere else', async () => {
  const bytes = new Uint8Array([0, 255, 254, 10]);
  const given: Readonly<Record<string, string | Uint8Array>> = { text: 'grüße', empty: new Uint8Array() };
  const { vault: definition } = memoryVault({
    resolveAll: (references) =>
      Promise.resolve(new Map(references.map(({ text, field }) => [text, given[field] ?? bytes]))),
  });
  const clock = createFakeClock();
  const vault = createDefinedVault({
    ...{ definition, secrets, clock, random: () => 0, redact: (text: string) => text },
  });
  const references = [
    'key?encoding=base64',
    'text?encoding=base64',
    'text',
    'key',
    'empty?encoding=base64',
  ].map((field) => parseSecretReference(`op://automation/admin/${field}`));
  const answers = await vault.resolveAll(references);
  expect(
    references.map(({ text }) => {
      const answer = answers.get(text);
      return answer instanceof SecretValue ? answer.reveal() : answer?.code;
    }),
  ).toEqual([
    Buffer.from(bytes).toString('base64'),
    Buffer.from('grüße').toString('base64'),
    'grüße',
    'ERR_REFERENCE_INVALID',
    'ERR_VAULT_NOT_FOUND',
  ]);
});

testVault('a defined vault that reads one-time passwords', () => {
  const memory = memoryVault({
    readCode({ item, field }) {
      const seed = memory.values.get(`${item}/${field}`);
      return seed === undefined ? Promise.reject(new VaultError('not-found')) : Promise.resolve({ seed });
    },
  });
  return Promise.resolve(memory);
});

test('gives the functions plain parts, only the variables they name, and a signal', async () => {
  const given: unknown[] = [];
  const vault = open(
    defineVault({
      name: 'memory',
      secrets: ['AUTH_SESSIONS_VAULT_TOKEN'],
      resolveAll(references, call) {
        given.push(references, call.secrets, call.signal.aborted);
        return Promise.resolve(new Map([[password.text, 'correct horse']]));
      },
    }),
  );
  await vault.resolveAll([password]);
  const parts = { vault: 'automation', item: 'admin', section: undefined, field: 'password' };
  expect(given).toEqual([[{ text: password.text, ...parts }], secrets, false]);
});

test.describe('one-time codes', () => {
  test('a seed is registered as confined before its code exists, and gives the period', async () => {
    const registered: string[] = [];
    const readCode = () => Promise.resolve({ seed: `otpauth://totp/x?secret=${contractSeed}&period=60` });
    const vault = open(memoryVault({ readCode }).vault, {
      onSecret: (secret) => registered.push(secret.reveal()),
    });
    const answer = await vault.readCode(code);
    expect(answer.code.reveal()).toMatch(/^\d{6}$/);
    expect(answer.periodSeconds).toBe(60);
    expect(registered).toEqual([expect.stringContaining('otpauth://'), contractSeed]);
  });

  test('a code is used as it is', async () => {
    const readCode = () => Promise.resolve({ code: '123456', periodSeconds: 20 });
    const answer = await open(memoryVault({ readCode }).vault).readCode(code);
    expect([answer.code.reveal(), answer.periodSeconds]).toEqual(['123456', 20]);
  });

  test('a login has a code if there is one', async () => {
    const { totp } = parseLogin('op://automation/admin');
    const memory = memoryVault();
    const vault = open(memory.vault);
    expect(await vault.hasCode?.(totp)).toBe(false);
    await memory.set('admin', 'one-time password', contractSeed);
    expect(await vault.hasCode?.(totp)).toBe(true);
  });
});

test.describe('answers to references', () => {
  const answering = async (answer: unknown, reference = password) => {
    const answers = new Map([[reference.text, answer]]) as VaultAnswers;
    const vault = open(memoryVault({ resolveAll: () => Promise.resolve(answers) }).vault);
    return (await vault.resolveAll([reference])).get(reference.text);
  };

  for (const [problem, errorCode] of [
    ['not-found', 'ERR_VAULT_NOT_FOUND'],
    ['denied', 'ERR_VAULT_DENIED'],
    ['ambiguous', 'ERR_VAULT_AMBIGUOUS'],
    ['invalid-reference', 'ERR_REFERENCE_INVALID'],
  ] as const)
    test(`${problem} is ${errorCode}, and says what the vault said`, async () => {
      const error = await answering(new VaultError(problem, 'The secret has no such key\u001b[31m'));
      expect(error).toMatchObject({ code: errorCode, reference: password.text });
      expect(String(error)).toContain('memory: The secret has no such key\\u001b[31m.');
    });

  test('a missing, an empty and a misplaced one are errors, not values', async () => {
    expect(await answering(undefined)).toMatchObject({ code: 'ERR_VAULT_NOT_FOUND' });
    expect(String(await answering(''))).toContain('The value is empty.');
    for (const wrong of [5, null, {}, ['x']])
      expect(await errorOf(answering(wrong))).toMatchObject({ code: 'ERR_VAULT_FAILED' });
    const withFormat = parseSecretReference('op://automation/key/private key?ssh-format=openssh');
    const inEnvironment = parseSecretReference(`op-env://${'a'.repeat(26)}/PASSWORD`);
    for (const reference of [withFormat, inEnvironment])
      expect(await answering('x', reference)).toMatchObject({ code: 'ERR_REFERENCE_INVALID' });
  });

  test('a reference problem that is thrown is that of all references', async () => {
    const resolveAll = () => Promise.reject(new VaultError('denied'));
    const answers = await open(memoryVault({ resolveAll }).vault).resolveAll([password, username]);
    expect([...answers.values()]).toMatchObject([{ code: 'ERR_VAULT_DENIED' }, { code: 'ERR_VAULT_DENIED' }]);
  });

  test('a result that is no Map is reported as a mistake in the definition', async () => {
    for (const wrong of [undefined, {}, [['a', 'b']]]) {
      const vault = open(memoryVault({ resolveAll: () => Promise.resolve(wrong as never) }).vault);
      expect(String(await errorOf(vault.resolveAll([password])))).toContain('resolveAll returned no Map.');
    }
  });
});

test.describe('failures of the vault', () => {
  const failing = (thrown: unknown, own: Partial<DefinedVaultOptions> = {}, rest: object = {}) => {
    let calls = 0;
    const resolveAll = () => {
      calls += 1;
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- anything can be thrown
      return Promise.reject(thrown);
    };
    const vault = open(memoryVault({ resolveAll, ...rest }).vault, own);
    return { vault, calls: () => calls };
  };

  test('an unknown error is reported by its type alone, because its message may contain a secret', async () => {
    for (const thrown of [new RangeError('token root-token'), 'root-token', { message: 'root-token' }]) {
      const { vault, calls } = failing(thrown);
      const error = await errorOf(vault.resolveAll([password]));
      expect(error.code).toBe('ERR_VAULT_FAILED');
      expect(error.message).not.toContain('root-token');
      expect(error.cause).toBeUndefined();
      expect(calls()).toBe(1);
    }
  });

  test("the author's text in an error is redacted", async () => {
    const { vault } = failing(new VaultError('rate-limited', 'token root-token'), {
      redact: (text) => text.replace('root-token', '[redacted]'),
    });
    expect((await errorOf(vault.resolveAll([password]))).message).toContain('token [redacted].');
  });

  for (const [problem, errorCode] of [
    ['rejected-credential', 'ERR_VAULT_CREDENTIAL_INVALID'],
    ['rate-limited', 'ERR_VAULT_RATE_LIMITED'],
  ] as const)
    test(`${problem} is ${errorCode}, and ends the requests of the run`, async () => {
      const { vault, calls } = failing(new VaultError(problem));
      for (const ask of [() => vault.resolveAll([password]), () => vault.readCode(code)])
        expect(await errorOf(ask())).toMatchObject({ code: errorCode });
      expect(calls()).toBe(1);
      vault.forgetFailures?.();
      await errorOf(vault.resolveAll([password]));
      expect(calls()).toBe(2);
    });

  test('a vault that cannot be reached is tried three times', async () => {
    const { vault, calls } = failing(new VaultError('unreachable'));
    expect(await errorOf(vault.resolveAll([password]))).toMatchObject({ code: 'ERR_VAULT_UNREACHABLE' });
    expect([calls(), vault.requestCount()]).toEqual([3, 3]);
  });

  test('a connection that fetch could not make is a vault that cannot be reached', async () => {
    const { url, close } = await listen(createServer());
    await close();
    const resolveAll = async () => fetch(url).then(() => new Map<string, string>());
    const error = await errorOf(open(memoryVault({ resolveAll }).vault).resolveAll([password]));
    expect(error.code).toBe('ERR_VAULT_UNREACHABLE');
    expect(error.message).toContain('The system reported ECONNREFUSED.');
  });

  test('a vault that does not answer is given up at its deadline, and its signal is aborted', async () => {
    const clock = createFakeClock();
    const signals: AbortSignal[] = [];
    const resolveAll: VaultOptions<VaultSecretName>['resolveAll'] = (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const vault = open(memoryVault({ resolveAll, deadlineSeconds: 7 }).vault, { clock });
    const asking = errorOf(vault.resolveAll([password]));
    await clock.advance(7000);
    const error = await asking;
    expect(error.message).toContain('memory did not answer in time. No answer within 7 s.');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('the budget ends a run that calls too often', async () => {
    const memory = memoryVault({ maxVaultRequests: 2 });
    const vault = open(memory.vault);
    await vault.resolveAll([password]);
    await vault.resolveAll([password]);
    const error = await errorOf(vault.resolveAll([password]));
    expect(error.message).toContain('This run has reached its limit of 2 requests to memory.');
    expect(vault.requestCount()).toBe(2);
  });
});

test('least privilege is checked where the vault knows its access, and only there', async () => {
  expect('inspectReach' in open(memoryVault().vault)).toBe(false);
  const inspectReach = () => Promise.resolve({ unused: ['payroll'] });
  const vault = open(memoryVault({ inspectReach }).vault);
  expect(await vault.inspectReach?.([password])).toEqual({ unused: ['payroll'], excess: [] });
});

function open(definition: DefinedVault, own: Partial<DefinedVaultOptions> = {}) {
  return createDefinedVault({
    definition,
    secrets,
    clock: {
      nowMs: () => Date.now(),
      sleep: (ms) => (ms === 0 ? Promise.resolve() : new Promise(() => undefined)),
    },
    random: () => 0,
    redact: (text) => text,
    ...own,
  });
}
