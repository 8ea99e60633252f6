import { expect, test } from '@playwright/test';
import { authSessionCategories } from '../../reports/allure/categories.js';
import { describeExecutor } from '../../reports/allure/executor.js';
import { metadataOf } from '../../reports/allure/session-metadata.js';

test('a failure belongs to the category of its code, and a defect of the product to none', () => {
  const categoryOf = (message: string) =>
    authSessionCategories.find(({ messageRegex }) => new RegExp(`^${messageRegex}$`).test(message))?.name;
  expect(categoryOf('Error: Session "admin": refused.\nMore. [ERR_CREDENTIALS_REJECTED]\n at x')).toBe(
    'Sign-in failures',
  );
  expect(categoryOf('It did not answer. [ERR_VAULT_UNREACHABLE]')).toBe('Vault failures');
  expect(categoryOf('Signed out. [ERR_SESSION_EXPIRED]')).toBe('Lost sessions');
  expect(categoryOf('Mend it. [ERR_CONFIG_INVALID]')).toBe('Auth sessions setup');
  expect(categoryOf('expect(received).toBe(expected) // ERR_VAULT_DENIED')).toBeUndefined();
});

test('every code belongs to one category besides the last', () => {
  const codes = authSessionCategories.flatMap(
    ({ messageRegex }) => messageRegex.match(/ERR_[A-Z_]{2,}/g) ?? [],
  );
  expect(new Set(codes).size).toBe(codes.length);
});

test('labels and parameters name the sessions of a test, and leave its identity unchanged', () => {
  const annotations = [
    { type: 'auth session', description: 'admin (created)' },
    { type: 'auth session', description: 'customer (failed: ERR_VAULT_DENIED)' },
    { type: 'auth session', description: 'admin was seen signed out' },
    { type: 'issue', description: 'other (created)' },
  ];
  expect(metadataOf(annotations, 'deployed')).toEqual({
    labels: [
      { name: 'authSession', value: 'admin' },
      { name: 'authSession', value: 'customer' },
      { name: 'authSessionOutcome', value: 'created' },
      { name: 'authSessionOutcome', value: 'failed' },
      { name: 'authSessionError', value: 'ERR_VAULT_DENIED' },
      { name: 'authEnvironment', value: 'deployed' },
      { name: 'authSessionLost', value: 'true' },
    ],
    parameters: [
      { name: 'auth session admin', value: 'created', excluded: true },
      { name: 'auth session customer', value: 'failed: ERR_VAULT_DENIED', excluded: true },
      { name: 'auth environment', value: 'deployed', excluded: true },
    ],
  });
  expect(metadataOf([{ type: 'auth session', description: 'a (memory)' }], undefined)?.labels).toHaveLength(
    2,
  );
});

test('a test without a session gets no labels', () => {
  expect(metadataOf([{ type: 'skip' }, { type: 'auth session' }], 'local')).toBeUndefined();
});

test('the executor is what the CI system says of itself, without a password in its address', () => {
  const github = {
    ...{ GITHUB_ACTIONS: 'true', GITHUB_WORKFLOW: 'CI', GITHUB_RUN_NUMBER: '7', GITHUB_RUN_ID: '99' },
    ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'me/it' },
  };
  expect(describeExecutor(github)).toEqual({
    ...{ name: 'GitHub Actions', type: 'github', buildOrder: 7, buildName: 'CI #7' },
    buildUrl: 'https://github.com/me/it/actions/runs/99',
  });
  const jenkins = { JENKINS_URL: 'x', JOB_NAME: 'e2e', BUILD_URL: 'https://me:pw@ci.example/1' };
  expect(describeExecutor(jenkins)).toEqual({
    ...{ name: 'Jenkins', type: 'jenkins', buildName: 'e2e', buildUrl: 'https://ci.example/1' },
  });
  const gitlab = {
    GITLAB_CI: 'true',
    CI_PROJECT_PATH: 'me/it',
    CI_PIPELINE_IID: '3',
    CI_PIPELINE_URL: 'https://g/3',
  };
  expect(describeExecutor(gitlab)).toMatchObject({ name: 'GitLab CI', buildName: 'me/it #3', buildOrder: 3 });
  expect([describeExecutor({}), describeExecutor({ CI: '1' })].map(({ type }) => type)).toEqual([
    'local',
    'ci',
  ]);
});
