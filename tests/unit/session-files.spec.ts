import { expect, test } from '@playwright/test';
import { defaultAnswers, type InitAnswers } from '../../src/cli/init/answers.js';
import { plannedSecrets } from '../../src/cli/init/ci-secrets.js';
import { checkConnections, connectionsOption } from '../../src/cli/init/init-options.js';
import { plannedReferences } from '../../src/cli/init/named-references.js';
import { envExampleText, sessionsFileText } from '../../src/cli/init/session-files.js';

const written = { language: 'TypeScript', syntax: 'import', extension: 'ts' } as const;

function textOf(changes: Partial<InitAnswers>): string {
  return sessionsFileText({ ...defaultAnswers, ...changes }, written);
}

const tenants: Partial<InitAnswers> = {
  sessions: ['admin', 'acmeAdmin'],
  connections: connectionsOption('acme-qa=acmeAdmin'),
};

test('a session of another connection names it, and the connection is declared', () => {
  const text = textOf(tenants);
  expect(text).toContain("  vaults: { 'acme-qa': {} },\n");
  expect(text).toContain("    admin: { flow: signIn, login: 'op://automation/admin' },\n");
  expect(text).toContain(
    "    acmeAdmin: { flow: signIn, login: 'op://automation/acmeAdmin', vault: 'acme-qa' },\n",
  );
});

test("each connection has its own token, local keys and commands for its vault's account", () => {
  const answers = { ...defaultAnswers, ...tenants };
  expect(plannedSecrets(answers)).toEqual(['OP_SERVICE_ACCOUNT_TOKEN', 'OP_SERVICE_ACCOUNT_TOKEN_ACME_QA']);
  expect(envExampleText(answers)).toContain("ACME_QA__AUTOMATION__ACMEADMIN__PASSWORD=''");
  expect(plannedReferences(answers).map(({ connection }) => connection)).toEqual([
    ...[undefined, undefined],
    ...['acme-qa', 'acme-qa'],
  ]);
});

test('with the identity of a job, sessions of a connection keep their items and its token', () => {
  const answers: InitAnswers = { ...defaultAnswers, ...tenants, source: 'environment', ci: 'workload' };
  const text = textOf(answers);
  expect(text).toContain('password: `op-env://${environment}/ADMIN_PASSWORD`,');
  expect(text).toContain("login: 'op://automation/acmeAdmin', vault: 'acme-qa'");
  expect(plannedSecrets(answers)).toEqual([
    'OP_INTEGRATION_KEY',
    'OP_SERVICE_ACCOUNT_TOKEN_ACME_QA',
    'AUTH_SESSIONS_KEY',
  ]);
  const example = envExampleText(answers);
  expect(example).toContain('local init');
  expect(example).toContain("ACME_QA__AUTOMATION__ACMEADMIN__USERNAME=''");
  expect(example).not.toContain(' ADMIN_');
  const others: InitAnswers = { ...answers, sessions: ['acmeAdmin'] };
  expect(textOf(others)).not.toMatch(/workloadIdentity|const environment/);
});

test('the app and the identity of a job are one option', () => {
  const text = textOf({ desktopAccount: String.raw`Bob's \ team`, source: 'environment', ci: 'workload' });
  expect(text.match(/onePassword:/g)).toHaveLength(1);
  expect(text).toContain(String.raw`auth: { desktopAccount: 'Bob\'s \\ team', workloadIdentity: {`);
});

test('a local file alone is read on CI too', () => {
  expect(textOf({ source: 'local', ci: 'none' })).toContain("  environment: 'local',\n");
  expect(textOf({})).not.toContain('environment');
});

test('--connection takes a name and its sessions, and may be repeated', () => {
  expect([...connectionsOption('b=bob', connectionsOption('a=ada, eve'))]).toEqual([
    ['ada', 'a'],
    ['eve', 'a'],
    ['bob', 'b'],
  ]);
  for (const wrong of ['', 'staging', 'staging=', '=ada', 'Staging=ada', 'my_vault=ada', 'file=ada'])
    expect(() => connectionsOption(wrong), wrong).toThrow(/Use a name|is no name of a connection/);
  expect(() => connectionsOption('b=ada', connectionsOption('a=ada'))).toThrow('is in two connections');
});

test('a connection of a session that is not declared is an error', () => {
  const answers = { ...defaultAnswers, ...tenants };
  expect(() => checkConnections(answers)).not.toThrow();
  expect(() => checkConnections({ ...answers, sessions: ['admin'] })).toThrow('"acmeAdmin"');
});
