import path from 'node:path';
import type { InitAnswers } from './answers.js';
import type { PackageManager, SurveyedProject } from './survey-project.js';

type Place = Pick<SurveyedProject, 'packageManager' | 'folder' | 'repository'>;

/**
 * A workflow of GitHub Actions: one job signs in, and the shards use its sessions, which are sealed; with one shard it
 * is one job.
 */
export function workflowText({ ci, shards }: InitAnswers, place: Place): string {
  const relative = path.relative(place.repository, place.folder).replaceAll('\\', '/');
  const job: Job = { steps: stepsFor(place), prefix: relative === '' ? '' : `${relative}/` };
  const jobs = shards > 1 ? [...signInJob(job), ...testJob(job, shards)] : testJob(job, 1);
  const lines = [
    'name: Playwright, signed in',
    'on:',
    '  push:',
    '    branches: [main]',
    '  pull_request: # runs of forks have no secrets: see whenMissing',
    'permissions:',
    '  contents: read',
    ...(ci === 'workload'
      ? ['  id-token: write # the job proves who it is, and no token of 1Password is kept']
      : []),
    'env:',
    ...(ci === 'workload'
      ? [secret('OP_INTEGRATION_KEY'), `${secret('AUTH_SESSIONS_KEY')} # openssl rand -base64 32`]
      : [secret('OP_SERVICE_ACCOUNT_TOKEN')]),
    ...(relative === '' ? [] : ['defaults:', '  run:', `    working-directory: ${relative}`]),
    'jobs:',
    ...jobs,
  ];
  return `${lines.join('\n')}\n`;
}

interface Job {
  readonly steps: readonly string[];
  /** Of paths, where the config is not in the repository's own folder. */
  readonly prefix: string;
}

function signInJob({ steps, prefix }: Job): string[] {
  return [
    '  sign-in:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...steps,
    '      - run: npx auth-sessions create --all',
    '      - uses: actions/upload-artifact@v4',
    '        with:',
    '          name: sealed-sessions',
    '          path: |',
    `            ${prefix}.auth-sessions/`,
    `            !${prefix}.auth-sessions/quarantine/`,
    '          include-hidden-files: true',
    '          if-no-files-found: ignore # runs of forks have none',
    '          retention-days: 1',
  ];
}

function testJob({ steps, prefix }: Job, shards: number): string[] {
  const isSharded = shards > 1;
  const numbers = Array.from({ length: shards }, (_, index) => index + 1).join(', ');
  return [
    '  test:',
    ...(isSharded ? ['    needs: sign-in'] : []),
    '    runs-on: ubuntu-latest',
    ...(isSharded
      ? ['    strategy:', '      fail-fast: false', '      matrix:', `        shard: [${numbers}]`]
      : []),
    '    steps:',
    ...steps,
    ...(isSharded
      ? [
          '      - uses: actions/download-artifact@v4',
          '        continue-on-error: true # without them each shard signs in, or skips',
          '        with:',
          '          name: sealed-sessions',
          `          path: ${prefix}.auth-sessions/`,
        ]
      : []),
    `      - run: npx playwright test${isSharded ? ` --shard=\${{ matrix.shard }}/${shards}` : ''}`,
    '      - uses: actions/upload-artifact@v4',
    '        if: ${{ !cancelled() }}',
    '        with:',
    `          name: report${isSharded ? '-${{ matrix.shard }}' : ''}`,
    `          path: ${prefix}reports/output/`,
    '          retention-days: 14',
  ];
}

function stepsFor({ packageManager }: Place): string[] {
  const { setup, cache, install } = managers[packageManager];
  return [
    '      - uses: actions/checkout@v4',
    ...setup,
    '      - uses: actions/setup-node@v4',
    '        with:',
    '          node-version: lts/*',
    ...(cache === undefined ? [] : [`          cache: ${cache}`]),
    `      - run: ${install}`,
    '      - run: npx playwright install --with-deps chromium',
  ];
}

function secret(name: string): string {
  return `  ${name}: \${{ secrets.${name} }}`;
}

interface ManagerSteps {
  readonly setup: readonly string[];
  readonly cache: string | undefined;
  readonly install: string;
}

const managers: Readonly<Record<PackageManager, ManagerSteps>> = {
  npm: { setup: [], cache: 'npm', install: 'npm ci' },
  pnpm: {
    setup: ['      - uses: pnpm/action-setup@v4'],
    cache: 'pnpm',
    install: 'pnpm install --frozen-lockfile',
  },
  yarn: { setup: ['      - run: corepack enable'], cache: 'yarn', install: 'yarn install --immutable' },
  bun: {
    setup: ['      - uses: oven-sh/setup-bun@v2'],
    cache: undefined,
    install: 'bun install --frozen-lockfile',
  },
};
