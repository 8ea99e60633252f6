import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { defineAuthFlow } from '../../src/core/auth-flow.js';
import { sessionDefaults } from '../../src/core/session-defaults.js';
import { defineVault } from '../../src/core/defined-vault.js';
import { completeSession } from '../../src/core/complete-session.js';
import { decideEnvironment } from '../../src/core/environment.js';
import { readDeclaredSecrets } from '../../src/core/read-declared-secrets.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';
import { tokenVariables } from '../../src/core/vault-connection.js';
import { confinedVariables } from '../../src/credentials/confined-secrets.js';
import { isOfConnection } from '../../src/credentials/connection-secrets.js';
import { declaredOptions } from '../support/docs/declared-options.js';
import { readOptionTables, type DocumentedOption } from '../support/docs/option-tables.js';

const tables = readOptionTables(
  readFileSync(path.resolve(import.meta.dirname, '../../docs/options.md'), 'utf8'),
);
const optionsOf = (head: string) => tables.get(head) ?? [];
const project = optionsOf('`defineAuthSessions({ … })`:');
const session = optionsOf('Each session:');
const flow = optionsOf('`defineAuthFlow({ … })`:');
const thirdArgument = optionsOf('The third argument of `withAuthSessions`:');
const names = (options: readonly DocumentedOption[]) => options.map(({ option }) => option).sort();

test('the tables have the options that the code declares, and no others', () => {
  const declared = (file: string, ...interfaces: readonly string[]) =>
    [...new Set(interfaces.flatMap((name) => declaredOptions(`src/core/${file}.ts`, name)))].sort();
  const together = (...lists: readonly string[][]) => [...new Set(lists.flat())].sort();
  expect(names(project)).toEqual(
    together(
      declared('suite-options', 'EnvironmentOptions', 'SuiteOptions'),
      declared('auth-session', 'AuthSessions'),
    ),
  );
  expect(names(session)).toEqual(
    together(
      declared('session-options', 'SharedSessionOptions', 'SessionUseOptions', 'SessionAccessOptions'),
      declared('auth-session', 'CredentialsSession', 'RecorderSession', 'RuntimeSession'),
    ),
  );
  expect(names(flow)).toEqual(declared('auth-flow', 'AuthFlow'));
  expect(names(thirdArgument)).toEqual(declared('redact-options', 'WithAuthSessionsOptions'));
  const fixtures = ['AuthSessionOptions', 'AuthSessionFixtures'].flatMap((name) =>
    declaredOptions('fixtures/test.ts', name),
  );
  expect(names(optionsOf('In tests, and in `use` of the config and its projects:'))).toEqual(fixtures.sort());
});

test('the defaults of a session are those that a session without options gets', () => {
  const given = { flow: 'flow.ts', parameters: {} } as const;
  const complete = completeSession('admin', given, {
    loaded: { flow: undefined, digest: '' },
    variables: {},
    errors: [],
  });
  const compared = session.filter(({ option }) => option in complete && !known.has(option));
  expect(names(compared)).toEqual(
    [
      ...['checkAttempts', 'createAttempts', 'exclusive', 'maxWaitSeconds', 'minRemainingSeconds', 'renew'],
      ...['restore', 'trustSeconds', 'ttlSeconds', 'type', 'writeBack'],
    ].sort(),
  );
  for (const { option, fallback } of compared)
    expect(valueOf(fallback), option).toEqual(complete[option as keyof typeof complete]);
});

/** The page describes their defaults in words. */
const known = new Set([
  ...['flow', 'baseURL', 'proxy', 'contextOptions', 'parameters'],
  ...['accounts', 'maxConcurrentUses', 'mailbox'],
]);

test('the defaults of the project are those that the code uses', () => {
  const used: Readonly<Record<string, unknown>> = {
    environment: sessionDefaults.environment,
    whenMissing: sessionDefaults.whenMissing,
    'local.files': sessionDefaults.localFiles,
    'store.folder': sessionDefaults.storeFolder,
    'codes.minRemainingSeconds': sessionDefaults.minRemainingSeconds,
    'onePassword.integrationName': sessionDefaults.integrationName,
    'onePassword.maxVaultRequests': sessionDefaults.maxVaultRequests,
    'onePassword.deadlineSeconds': sessionDefaults.deadlineSeconds,
    'leaks.onLeak': sessionDefaults.onLeak,
    'leaks.maxSeconds': sessionDefaults.maxSeconds,
    'store.cluster': false,
    'store.whenStoreUnavailable': 'error',
    strictLeastPrivilege: false,
    signInTrace: 'off',
  };
  const inWords = [
    'leaks.folders',
    'onePassword.auth',
    'onePassword.integrationVersion',
    'onePassword.maxAgeSeconds',
    'onePassword.tokenExpires',
    'sessions',
    'store.caFile',
    'store.client',
    'store.prefix',
    'store.sentinel',
    'store.url',
    'onEvent',
    'vault',
    'vaults',
    'websites',
  ];
  expect(names(project)).toEqual([...Object.keys(used), ...inWords].sort());
  for (const { option, fallback } of project)
    if (option in used) expect(valueOf(fallback), option).toEqual(used[option]);
  for (const facts of [
    { credentialSource: 'a token', onCi: true },
    { credentialSource: undefined, onCi: false },
  ])
    expect(decideEnvironment({}, facts)).toEqual(
      decideEnvironment({ environment: 'auto', whenMissing: 'error' }, facts),
    );
});

test("the page gives a flow's real defaults", () => {
  const of = (name: string) => flow.find(({ option }) => option === name)?.fallback;
  expect(valueOf(of('timeoutSeconds') ?? '')).toBe(sessionDefaults.timeoutSeconds);
  expect(valueOf(session.find(({ option }) => option === 'totp.periodSeconds')?.fallback ?? '')).toBe(
    sessionDefaults.periodSeconds,
  );
  // Compiles only as long as these are what a flow has that names none.
  defineAuthFlow({
    create: ({ credentials: { username, password } }) => Promise.reject(Error(username + password)),
  });
  expect(of('parameters')).toBe('username, password');
});

const ofProject = project.map((one) => ({ ...one, isOfSession: false }));
const ofSession = session.map((one) => ({ ...one, isOfSession: true }));
for (const { option, type, isOfSession } of [...ofProject, ...ofSession])
  if (option !== 'sessions')
    test(`${option} takes ${type}, and nothing else`, () => {
      const { right, wrong } = samplesOf(type, option);
      const check = (value: unknown) => () => {
        validateDeclaration(isOfSession ? withSession(option, value) : withSuite(option, value), 'a.ts');
      };
      for (const value of right) expect(check(value), `takes ${JSON.stringify(value)}`).not.toThrow();
      for (const value of wrong) expect(check(value), `refuses ${JSON.stringify(value)}`).toThrow();
    });

for (const { option, type } of thirdArgument)
  test(`${option} takes ${type}, and nothing else`, () => {
    const { right, wrong } = samplesOf(type, option);
    const read = (value: unknown) => () => readDeclaredSecrets(nested(option, value), {});
    for (const value of right) expect(read(value), `takes ${JSON.stringify(value)}`).not.toThrow();
    for (const value of wrong) expect(read(value), `refuses ${JSON.stringify(value)}`).toThrow();
  });

test('every variable that is read or removed is in the table', () => {
  const variables = [...tables.values()].at(-1) ?? [];
  const all = variables.flatMap(({ option }) => option.split(', '));
  const listed = all.filter((name) => !isOfConnection(name));
  expect(all.filter(isOfConnection)).toEqual([
    ...Object.values(tokenVariables('name')),
    'AUTH_SESSIONS_VAULT_…',
  ]);
  expect(listed.filter((name) => !['AUTH_SESSIONS_BROWSER', 'CI'].includes(name)).sort()).toEqual(
    Object.values(confinedVariables).sort(),
  );
});

/** `'check'`, `300`, `['.env']` … */
function valueOf(text: string): unknown {
  return JSON.parse(text.replaceAll("'", '"')) as unknown;
}

function samplesOf(type: string, option: string): { right: readonly unknown[]; wrong: readonly unknown[] } {
  const literals = type.split(' | ').map((one) => one.trim());
  if (literals.every((one) => /^('.*'|false)$/.test(one)))
    return { right: literals.map(valueOf), wrong: ['something else', 5, true] };
  const samples = samplesByType[type];
  if (!samples) throw new Error(`${option} is of type "${type}", of which the test knows nothing`);
  return samples;
}

const basicSample = { username: 'op://a/b/c', password: 'op://a/b/d' };
const vaultSample = { name: 'hashicorp', resolveAll: () => Promise.resolve(new Map<string, string>()) };
const flowSample = { create: () => Promise.resolve() };
const samplesByType: Readonly<Record<string, { right: readonly unknown[]; wrong: readonly unknown[] }>> = {
  seconds: { right: [1, 30], wrong: ['30', -1, true] },
  number: { right: [1, 20], wrong: ['3', 0, 1.5] },
  'number, or parameter sets': { right: [1], wrong: ['3', 0, 1.5, [5], []] },
  'number, 6 to 10': { right: [6, 10], wrong: [5, 11, '6'] },
  boolean: { right: [true, false], wrong: ['true', 1] },
  date: {
    right: ['2027-01-31', '2028-02-29'],
    wrong: ['2027-02-30', '2027-02-29', '2027-13-01', '31.1.2027', '2027-01-31T00:00:00Z', '', 5],
  },
  text: { right: ['shop-tests'], wrong: ['', 5] },
  path: { right: ['a/b'], wrong: ['', 5, ['a']] },
  paths: { right: [['a', 'b/c']], wrong: ['a', [5]] },
  URL: { right: ['https://shop.example'], wrong: ['shop', 5] },
  'Redis URL': {
    right: ['redis://a', 'rediss://a:1/2', 'unix:///a'],
    wrong: ['http://a', 5, 'redis://user:password@a', 'redis://a?sentinel=:password'],
  },
  'a function': { right: [() => undefined], wrong: ['a', {}] },
  'a function that makes one': { right: [() => undefined], wrong: ['redis://a', {}] },
  'a flow, or its file': { right: ['./shop.ts', flowSample], wrong: [5, {}] },
  'references by name': { right: [{ username: 'op://a/b/c' }], wrong: ['op://a/b/c', { username: 5 }] },
  'a vault from defineVault': {
    right: [defineVault(vaultSample)],
    wrong: [
      ...['hashicorp', {}, vaultSample, defineVault({ ...vaultSample, name: '' })],
      defineVault({ ...vaultSample, secrets: ['VAULT_TOKEN' as 'AUTH_SESSIONS_VAULT_TOKEN'] }),
      defineVault({ name: 'hashicorp' } as typeof vaultSample),
    ],
  },
  'connections by name': {
    right: [
      {},
      { other: defineVault(vaultSample) },
      { staging: {}, 'acme-qa': { auth: { desktopAccount: 'a' }, maxVaultRequests: 5 } },
    ],
    wrong: [
      'staging',
      { Staging: {} },
      { staging: { token: 'a' } },
      { staging: { tokenExpires: 'soon' } },
      { staging: { auth: { workloadIdentity: {} } } },
    ],
  },
  reference: { right: ['op://a/b'], wrong: [5, ['op://a/b']] },
  'references, or a list': {
    right: [basicSample, [basicSample, { ...basicSample, origin: 'https://a.example' }]],
    wrong: ['op://a/b/c', { username: 'op://a/b/c' }, [5]],
  },
  "'ignore', or a list of URLs": {
    right: ['ignore', ['https://a.example', 'localhost:3000']],
    wrong: ['https://a.example', [], [5], ['https://'], true],
  },
  'a list of references': {
    right: [[{ cert: 'op://a/b/c', key: 'op://a/b/d' }]],
    wrong: ['op://a/b/c', [{ cert: 'op://a/b/c' }]],
  },
  'IMAP, or an adapter': {
    right: [
      { host: 'imap.example', username: 'op://a/b/c', password: 'op://a/b/d', tls: 'starttls', port: 143 },
      { open: () => undefined, credentials: { key: 'op://a/b/c' }, address: 'qa@shop.example' },
    ],
    wrong: [
      ...[
        'imap.example',
        { host: 'imap.example' },
        { host: '', username: 'op://a/b/c', password: 'op://a/b/d' },
      ],
      { host: 'imap.example', username: 'qa', password: 'op://a/b/d' },
      { host: 'imap.example', username: 'op://a/b/c', password: 'op://a/b/d', port: 0 },
      { open: () => undefined, address: 'nobody' },
      { open: () => undefined, host: 'imap.example' },
    ],
  },
  'as in Playwright': { right: [{ server: 'http://127.0.0.1:1' }], wrong: ['http://127.0.0.1:1', 5] },
  'names, or { name, required }': {
    right: [['SHOP_API_KEY', { name: 'SHOP_PIN', required: true }]],
    wrong: ['SHOP_API_KEY', [5], [{ name: 'SHOP_PIN', required: 1 }]],
  },
  'texts and { name, value }, or a function that returns them': {
    right: [['a text'], () => [{ name: 'key', value: 'a text' }]],
    wrong: ['a text', [5], () => 'a text'],
  },
  '{ desktopAccount } or { workloadIdentity }': {
    right: [{ desktopAccount: 'acme' }, { workloadIdentity: { workloadUuid: 'a' } }],
    wrong: ['acme', { token: 'a' }, { workloadIdentity: 'a' }],
  },
};

function withSuite(option: string, value: unknown): unknown {
  return { sessions: { admin: { flow: './a.ts', parameters: {} } }, ...nested(option, value) };
}

function withSession(option: string, value: unknown): unknown {
  const parameters = option === 'type' && value !== 'credentials' ? {} : { parameters: {} };
  return { sessions: { admin: { flow: './a.ts', ...parameters, ...nested(option, value) } } };
}

function nested(option: string, value: unknown): object {
  const [first = '', second] = option.split('.');
  return { [first]: second === undefined ? value : { [second]: value } };
}
