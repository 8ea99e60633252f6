import { expect, test } from '@playwright/test';
import { decideEnvironment, type EnvironmentDecision } from '../../src/core/environment.js';
import { AuthSessionsError } from '../../src/core/errors.js';

const environments = [undefined, 'auto', 'deployed', 'local'] as const;
const choices = [undefined, 'error', 'local', 'skip'] as const;

/** What comes out with a credential, without one, and without one on CI. */
const table = {
  'auto error': ['deployed', 'local', 'error'],
  'auto local': ['deployed', 'local', 'local'],
  'auto skip': ['deployed', 'local', 'skip'],
  'deployed error': ['deployed', 'error', 'error'],
  'deployed local': ['deployed', 'local', 'local'],
  'deployed skip': ['deployed', 'skip', 'skip'],
  'local error': ['local', 'local', 'local'],
  'local local': ['local', 'local', 'local'],
  'local skip': ['local', 'local', 'local'],
} as const;

for (const environment of environments)
  for (const whenMissing of choices) {
    const row = `${environment ?? 'auto'} ${whenMissing ?? 'error'}` as const;
    const options = { ...(environment && { environment }), ...(whenMissing && { whenMissing }) };
    test(`decides for ${JSON.stringify(options)}: ${table[row].join(', ')}`, () => {
      for (const onCi of [true, false]) expect(decide(options, 'TOKEN', onCi)).toBe(table[row][0]);
      expect(decide(options, undefined, false)).toBe(table[row][1]);
      expect(decide(options, undefined, true)).toBe(table[row][2]);
    });
  }

test('says why, by name and never by value', () => {
  const facts = { credentialSource: 'OP_SERVICE_ACCOUNT_TOKEN', onCi: true };
  const none = { credentialSource: undefined, onCi: false };
  expect(decideEnvironment({}, facts)).toEqual({
    environment: 'deployed',
    why: 'OP_SERVICE_ACCOUNT_TOKEN is set',
  });
  expect(decideEnvironment({}, none).why).toBe('no vault credential is set');
  expect(decideEnvironment({ environment: 'local' }, facts).why).toBe('set in the project');
  expect(decideEnvironment({ environment: 'deployed', whenMissing: 'skip' }, none)).toEqual({
    environment: 'skip',
    why: 'OP_SERVICE_ACCOUNT_TOKEN is not set on this machine',
  });
});

test('stops on CI without a vault credential, and says what to do', () => {
  expect(messageOf({}, true)).toBe(
    'The vault credential is missing. This is CI (CI is set), and OP_SERVICE_ACCOUNT_TOKEN is not ' +
      'set. Set OP_SERVICE_ACCOUNT_TOKEN from a CI secret. Or set whenMissing: "local" or "skip" in the ' +
      'sessions file, for runs that get no secrets, such as those of forks. [ERR_ENVIRONMENT_MISSING]',
  );
});

test('stops where the project insists on the vault, and says so', () => {
  for (const onCi of [true, false])
    expect(messageOf({ environment: 'deployed' }, onCi)).toContain(
      'The project sets environment: "deployed", and OP_SERVICE_ACCOUNT_TOKEN is not set.',
    );
});

function decide(
  options: Parameters<typeof decideEnvironment>[0],
  credentialSource: string | undefined,
  onCi: boolean,
): EnvironmentDecision['environment'] | 'error' {
  try {
    return decideEnvironment(options, { credentialSource, onCi }).environment;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_ENVIRONMENT_MISSING' });
    return 'error';
  }
}

function messageOf(options: Parameters<typeof decideEnvironment>[0], onCi: boolean): string {
  try {
    decideEnvironment(options, { credentialSource: undefined, onCi });
  } catch (error) {
    if (error instanceof AuthSessionsError) return error.message;
  }
  throw new Error('It decided');
}
