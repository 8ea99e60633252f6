import type { InitAnswers } from './answers.js';
import { ciSecrets } from './ci-secrets.js';
import type { SurveyedSuite } from './survey-suite.js';
import { testMatrix, type TestMatrix } from './test-matrix.js';
import { installBrowsers, relativeTo, setupSteps, type SetupPlace } from './workflow-setup.js';
import { actions } from './workflow-versions.js';

type Place = SetupPlace & Pick<SurveyedSuite, 'webServer'>;

/**
 * A GitHub Actions workflow: one job signs in, the shards use its sealed sessions, and a last job merges their reports.
 * With one shard on one system, it is a single job. If the config has a `webServer`, the application runs only during
 * tests, so each shard signs in.
 */
export function workflowText(answers: InitAnswers, place: Place, secrets = ciSecrets(answers.ci)): string {
  const { ci, shards, systems } = answers;
  const relative = relativeTo(place.repository, place.folder) ?? '';
  const prefix = relative === '' ? '' : `${relative}/`;
  const job: Job = { place, ci, secrets, prefix, matrix: testMatrix(systems, shards) };
  const jobs =
    job.matrix.lines.length > 0
      ? [...(place.webServer ? [] : signInJob(job)), ...testJobs(job), ...reportJob(job)]
      : [...testJob(job), ...uploadSteps(job, 'report', ['reports/output'])];
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

interface Job {
  readonly place: Place;
  readonly ci: InitAnswers['ci'];
  /** The names of the secrets for steps that sign in. */
  readonly secrets: readonly string[];
  /** Prefix of paths, if the config is not in the repository's root. */
  readonly prefix: string;
  readonly matrix: TestMatrix;
}

function signInJob({ place, ci, secrets, prefix, matrix }: Job): string[] {
  return [
    '  sign-in:',
    `    runs-on: ${matrix.first}`,
    ...identityOfJob(ci),
    '    steps:',
    ...setupSteps(place),
    installBrowsers(place),
    '      - run: npx playwright-auth-sessions create --all',
    ...secretsOfStep(secrets),
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

function testJob({ place, ci, secrets, matrix }: Job): string[] {
  return [
    '  test:',
    `    runs-on: ${matrix.runsOn}`,
    ...identityOfJob(ci),
    '    steps:',
    ...setupSteps(place),
    installBrowsers(place),
    '      - run: npx playwright test',
    ...secretsOfStep(secrets),
  ];
}

/** One job for each shard and system. */
function testJobs(job: Job): string[] {
  const { matrix } = job;
  const isAfterSignIn = !job.place.webServer;
  return [
    '  test:',
    ...(isAfterSignIn ? ['    needs: sign-in'] : []),
    `    runs-on: ${matrix.runsOn}`,
    ...identityOfJob(job.ci),
    '    strategy:',
    '      fail-fast: false',
    ...matrix.lines,
    '    steps:',
    ...setupSteps(job.place),
    installBrowsers(job.place),
    ...(isAfterSignIn ? takeSessions(job) : eachSignsIn),
    `      - run: npx playwright test ${matrix.shardOption}--reporter=blob,list`,
    ...secretsOfStep(job.secrets, matrix.blobName),
    ...uploadSteps(job, `blob-${matrix.name}`, ['blob-report']),
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
function secretsOfStep(secrets: readonly string[], others: readonly string[] = []): string[] {
  const lines = [...secrets.map((name) => `          ${name}: \${{ secrets.${name} }}`), ...others];
  return lines.length === 0 ? [] : ['        env:', ...lines];
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
