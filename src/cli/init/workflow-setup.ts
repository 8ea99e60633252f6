import path from 'node:path';
import type { SurveyedSuite } from './survey-suite.js';
import { actions, workflowNode } from './workflow-versions.js';

/** Where a workflow's jobs are set up. */
export type SetupPlace = Pick<SurveyedSuite, 'packageManager' | 'folder' | 'repository' | 'configText'>;

/** Checks out, and installs Node and the packages: in the folder of the lock file, which in a workspace is the root. */
export function setupSteps({ packageManager, repository, folder }: SetupPlace): string[] {
  const { name, major, saidIn } = packageManager;
  const lockFile = relativeTo(repository, packageManager.lockFile);
  const isCached = lockFile !== undefined && name !== 'bun';
  const isElsewhere =
    lockFile !== undefined && path.resolve(repository, path.dirname(lockFile)) !== path.resolve(folder);
  return [
    `      - uses: ${actions.checkout}`,
    ...(name === 'pnpm' ? pnpmSteps(relativeTo(repository, saidIn), major) : []),
    ...(name === 'yarn' && major !== 1 ? ['      - run: corepack enable'] : []),
    ...(name === 'bun' ? bunSteps(relativeTo(repository, saidIn)) : []),
    `      - uses: ${actions.setupNode}`,
    '        with:',
    `          node-version: ${workflowNode}`,
    ...(isCached ? [`          cache: ${name}`] : []),
    ...(isCached && lockFile.includes('/') ? [`          cache-dependency-path: ${lockFile}`] : []),
    `      - run: ${lockFile === undefined ? `${name} install` : frozenInstall(packageManager)}`,
    ...(isElsewhere ? [`        working-directory: ${path.posix.dirname(lockFile)}`] : []),
  ];
}

/** Installs all browsers if the config uses others than Chromium, as the one from `npm init playwright` does. */
export function installBrowsers({ configText }: SetupPlace): string {
  const isChromium = !/firefox|webkit|safari|iphone|ipad/i.test(configText);
  return `      - run: npx playwright install --with-deps${isChromium ? ' chromium' : ''}`;
}

/** The action uses the version in `packageManager`, and needs one only if that is missing. */
function pnpmSteps(saidIn: string | undefined, major: number | undefined): string[] {
  const given =
    saidIn === undefined
      ? [`          version: ${major}`]
      : saidIn.includes('/')
        ? [`          package_json_file: ${saidIn}`]
        : [];
  return [`      - uses: ${actions.setupPnpm}`, ...(given.length > 0 ? ['        with:', ...given] : [])];
}

/** The action reads `packageManager` of the repository's own package.json, and needs the name of another. */
function bunSteps(saidIn: string | undefined): string[] {
  const given = saidIn?.includes('/') ? ['        with:', `          bun-version-file: ${saidIn}`] : [];
  return [`      - uses: ${actions.setupBun}`, ...given];
}

/** Installs exactly the versions in the lock file, or fails. */
function frozenInstall({ name, major }: SetupPlace['packageManager']): string {
  if (name === 'npm') return 'npm ci';
  return name === 'yarn' && major !== 1 ? 'yarn install --immutable' : `${name} install --frozen-lockfile`;
}

/** The path relative to the repository; `undefined` outside it. */
export function relativeTo(repository: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const relative = path.relative(repository, file).replaceAll('\\', '/');
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative;
}
