import type { InitAnswers } from './answers.js';
import type { SurveyedSuite } from './survey-suite.js';
import { installBrowsers, relativeTo, setupSteps, type SetupPlace } from './workflow-setup.js';
import { actions } from './workflow-versions.js';

type Place = SetupPlace & Pick<SurveyedSuite, 'webServer'>;

/**
 * A GitHub Actions workflow: one job signs in, the shards use its sealed sessions, and a last job merges their reports.
 * With one shard, it is a single job. If the config has a `webServer`, the application runs only during tests, so each
 * shard signs in.
 */
export function workflowText({ ci, shards }: InitAnswers, place: Place): string {
  const relative = relativeTo(place.repository, place.folder) ?? '';
  const job: Job = { place, ci, prefix: relative === '' ? '' : `${relative}/` };
  const jobs =
    shards > 1
      ? [...(place.webServer ? [] : signInJob(job)), ...testJob(job, shards), ...reportJob(job)]
      : [...testJob(job, 1), ...uploadSteps(job, 'report', ['reports/output'])];
  const lines = [
    'name: Playwright, signed in',
    'on:',
    '  push:',
    '    branches: [main]',
    '  pull_request: # forks get no secrets: see whenMissing',
    'permissions:',
    '  contents: read',
    ...(relative === '' ? [] : ['defaults:', '  run:', `    working-directory: ${relative}`]),
    'jobs:',
    ...jobs,
  ];
  return `${lines.join('\n')}\n`;
}

/** Secrets to set in the GitHub repository. */
export const workflowSecrets: Readonly<Record<InitAnswers['ci'], readonly string[]>> = {
  token: ['OP_SERVICE_ACCOUNT_TOKEN'],
  workload: ['OP_INTEGRATION_KEY', 'AUTH_SESSIONS_KEY'],
  none: [],
};

interface Job {
  readonly place: Place;
  readonly ci: InitAnswers['ci'];
  /** Prefix of paths, if the config is not in the repository's root. */
  readonly prefix: string;
}

function signInJob({ place, ci, prefix }: Job): string[] {
  return [
    '  sign-in:',
    '    runs-on: ubuntu-latest',
    ...identityOfJob(ci),
    '    steps:',
    ...setupSteps(place),
    installBrowsers(place),
    '      - run: npx playwright-auth-sessions create --all',
    ...secretsOfStep(ci),
    "      # the store's folder, unless the sessions file names another",
    `      - uses: ${actions.uploadArtifact}`,
    '        with:',
    '          name: sealed-sessions',
    '          path: |',
    `            ${prefix}.auth-sessions/`,
    `            !${prefix}.auth-sessions/quarantine/`,
    '          include-hidden-files: true',
    '          if-no-files-found: ignore # none in runs of forks',
    '          retention-days: 1',
  ];
}

function testJob(job: Job, shards: number): string[] {
  const isAfterSignIn = shards > 1 && !job.place.webServer;
  const head = [
    '  test:',
    ...(isAfterSignIn ? ['    needs: sign-in'] : []),
    '    runs-on: ubuntu-latest',
    ...identityOfJob(job.ci),
  ];
  if (shards === 1)
    return [
      ...head,
      '    steps:',
      ...setupSteps(job.place),
      installBrowsers(job.place),
      '      - run: npx playwright test',
      ...secretsOfStep(job.ci),
    ];
  return [
    ...head,
    '    strategy:',
    '      fail-fast: false',
    `      matrix: { shard: [${Array.from({ length: shards }, (_, index) => index + 1).join(', ')}] }`,
    '    steps:',
    ...setupSteps(job.place),
    installBrowsers(job.place),
    ...(isAfterSignIn ? takeSessions(job) : eachSignsIn),
    `      - run: npx playwright test --shard=\${{ matrix.shard }}/${shards} --reporter=blob,list`,
    ...secretsOfStep(job.ci),
    ...uploadSteps(job, 'blob-${{ matrix.shard }}', ['blob-report']),
  ];
}

/** The job authenticates with its identity, so no 1Password token is stored. Only for jobs that sign in. */
function identityOfJob(ci: InitAnswers['ci']): string[] {
  return ci === 'workload' ? ['    permissions: { contents: read, id-token: write }'] : [];
}

function takeSessions({ prefix }: Job): string[] {
  return [
    `      - uses: ${actions.downloadArtifact}`,
    '        continue-on-error: true # without them, each shard signs in or skips',
    `        with: { name: sealed-sessions, path: ${prefix}.auth-sessions }`,
  ];
}

/** Only for these steps: those that install packages get none. */
function secretsOfStep(ci: InitAnswers['ci']): string[] {
  return ['        env:', ...workflowSecrets[ci].map((name) => `          ${name}: \${{ secrets.${name} }}`)];
}

/** Blob reports are redacted, and so are merged ones. */
function reportJob(job: Job): string[] {
  return [
    '  report:',
    '    needs: test',
    '    if: ${{ !cancelled() }}',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...setupSteps(job.place),
    `      - uses: ${actions.downloadArtifact}`,
    `        with: { pattern: blob-*, path: ${job.prefix}all-blobs, merge-multiple: true }`,
    '      - run: npx playwright merge-reports -c . --reporter=html all-blobs',
    ...uploadSteps(job, 'report', ['playwright-report', 'reports/output']),
  ];
}

function uploadSteps({ prefix }: Job, name: string, folders: readonly string[]): string[] {
  const paths = folders.map((folder) => `${prefix}${folder}/`);
  return [
    `      - uses: ${actions.uploadArtifact}`,
    '        if: ${{ !cancelled() }}',
    '        with:',
    `          name: ${name}`,
    ...(paths.length === 1
      ? [`          path: ${paths.join('')}`]
      : ['          path: |', ...paths.map((path) => `            ${path}`)]),
  ];
}

const eachSignsIn = [
  '      # The webServer runs only during tests, so each shard signs in. If sign-ins use codes, give each shard its own accounts.',
];
