import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { readDeclaredSecrets, readVariable } from '../../src/core/read-declared-secrets.js';
import { requireVariables } from '../../src/core/require-variables.js';

const canary = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';

function errorOf(act: () => unknown): AuthSessionsError {
  try {
    act();
  } catch (error) {
    if (error instanceof AuthSessionsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const read = (redact: unknown, env = {}) => readDeclaredSecrets({ redact }, env);

test('values are labelled by their names or places, without the white space around them', () => {
  const values = [`${canary}\n`, { name: 'signing key', value: '\tline 1\nline 2\r\n' }];
  const expected = [
    { label: 'redact.values 1', value: canary },
    { label: 'signing key', value: 'line 1\nline 2' },
  ];
  expect(read({ values }).values).toEqual(expected);
  expect(read({ values: () => values }).values).toEqual(expected);
});

test('a variable is optional unless it is declared as required', () => {
  const { variables } = read({ environment: ['SHOP_API_KEY', { name: 'SHOP_PIN', required: true }] });
  expect(variables).toEqual([
    { name: 'SHOP_API_KEY', required: false },
    { name: 'SHOP_PIN', required: true },
  ]);
  expect(() => {
    requireVariables(variables.slice(0, 1));
  }).not.toThrow();
  const { code, message } = errorOf(() => requireVariables(variables));
  expect(code).toBe('ERR_SECRET_MISSING');
  expect(message).toContain('The environment variable SHOP_PIN is not set.');
});

test('an empty variable counts as one that is not set', () => {
  expect(readVariable('SHOP', { SHOP: ` ${canary} ` })).toBe(canary);
  for (const env of [{}, { SHOP: '' }, { SHOP: ' \n' }]) expect(readVariable('SHOP', env)).toBeUndefined();
  expect(readVariable('constructor', process.env)).toBeUndefined();
});

test('no options are no secrets', () => {
  for (const options of [undefined, null, {}, { redact: {} }, { redact: undefined }])
    expect(readDeclaredSecrets(options, {})).toEqual({ variables: [], values: [] });
});

const aName = 'Expected: the name of an environment variable,';
const aValue = 'Expected: a non-empty string, or { name, value }.';

test.describe('rejects, with the path:', () => {
  for (const [options, told] of [
    ['redact', 'The third argument of withAuthSessions is invalid. It is a string. Expected: { redact:'],
    [
      { redcat: {} },
      'Option "redcat" in the third argument of withAuthSessions is invalid. There is no option "redcat". Did ' +
        'you mean "redact"?',
    ],
    [{ redact: ['SHOP'] }, 'There is no option "0". Known: "environment", "values".'],
    [{ redact: { enviroment: [] } }, 'There is no option "enviroment". Did you mean "environment"?'],
    [
      { redact: { environment: 'SHOP' } },
      'It is a string. Expected: a list of names of environment variables.',
    ],
    [
      { redact: { environment: [undefined] } },
      `Option "redact.environment.0" in the third argument of withAuthSessions is invalid. It is undefined. ${aName}`,
    ],
    [{ redact: { environment: ['a b'] } }, `It is a string. ${aName}`],
    [
      { redact: { environment: [{ name: 'SHOP', require: true }] } },
      'There is no option "require". Did you mean "required"?',
    ],
    [
      { redact: { environment: [{ name: 'SHOP', required: 'yes' }] } },
      'It is a string. Expected: true or false.',
    ],
    [{ redact: { values: canary } }, 'It is a string. Expected: a list of strings and { name, value }.'],
    [{ redact: { values: new Set([canary]) } }, 'It is of type object. Expected: a list of strings'],
    [{ redact: { values: [''] } }, `It is an empty string. ${aValue}`],
    [{ redact: { values: [' \n'] } }, `It is an empty string. ${aValue}`],
    [{ redact: { values: [undefined] } }, `It is undefined. ${aValue}`],
    [{ redact: { values: [918273] } }, `It is of type number. ${aValue}`],
    [{ redact: { values: [{ name: 'key', secret: canary }] } }, 'There is no option "secret".'],
    [
      { redact: { values: [{ name: 'a\nb', value: canary }] } },
      'It is a string. Expected: a name of letters,',
    ],
    [
      { redact: { values: () => canary } },
      'Option "redact.values" in the third argument of withAuthSessions is invalid. It is a string.',
    ],
    [{ redact: { values: () => [918273] } }, 'Option "redact.values.0" in'],
  ] as const)
    test(`${inspect(options, { depth: 4, breakLength: Infinity }).replace(canary, '…')}: ${told}`, () => {
      const error = errorOf(() => readDeclaredSecrets(options, {}));
      expect(error.code).toBe('ERR_CONFIG_INVALID');
      expect(error.message).toContain(told);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/sk_live|918273/);
    });
});

test('names everything that is wrong at once', () => {
  const { message } = errorOf(() => read({ environment: [5], values: [6] }));
  expect(message).toContain('2 things are wrong.');
});

test('rejects a value in the place of its name, which every report would show', () => {
  const error = errorOf(() => read({ environment: [canary] }, { SHOP_API_KEY: canary }));
  expect(error.message).toContain(
    "It is the value of the variable SHOP_API_KEY, not its name. Write 'SHOP_API_KEY'.",
  );
  expect(inspect(error)).not.toContain('sk_live');
  const named = errorOf(() => read({ values: [{ name: `the ${canary}`, value: canary }] }));
  expect(named.message).toContain('It contains one of the values, and reports show it.');
  expect(inspect(named)).not.toContain('sk_live');
});

test('a function that throws stops the config, and its message stays out', () => {
  const broken = () => [String(JSON.parse(canary))];
  const error = errorOf(() => read({ values: broken }));
  expect(error.message).toContain(
    'Option "redact.values" in the third argument of withAuthSessions failed. It threw SyntaxError.',
  );
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sk_live');
  const missing = Object.assign(new Error(canary), { code: 'ENOENT', name: canary });
  const other = errorOf(() =>
    read({
      values: () => {
        throw missing;
      },
    }),
  );
  expect(other.message).toContain('It threw Error ENOENT.');
  expect(inspect(other, { depth: 9, showHidden: true })).not.toContain('sk_live');
});

test('an async function is an error, also one that fails: nothing prints its rejection', async () => {
  const unhandled: unknown[] = [];
  const hear = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', hear);
  try {
    for (const values of [() => Promise.resolve([canary]), () => Promise.reject(new Error(canary))]) {
      const error = errorOf(() => read({ values }));
      expect(error.message).toContain('The function returned a promise, which the config cannot await.');
      expect(inspect(error)).not.toContain('sk_live');
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});
