import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { expectSetUp, expectSignedIn, expectToCompile } from '../support/package/expect-project.js';
import { newestPackages, oldestPackages, test } from '../support/package/install-test.js';
import type { InstalledProject } from '../support/package/installed-project.js';

test.describe.configure({ mode: 'parallel', timeout: 600_000 });

test('npm, an ESM project, the newest Playwright: compiles, runs signed in, has the command line', async ({
  install,
}) => {
  const project = await install({ manager: 'npm', type: 'module', packages: newestPackages });
  expect(unmeantFiles(project)).toEqual([]);
  await expectToCompile(project, { module: 'nodenext', compilers: ['oldest', 6, 'newest'] });
  await expectSignedIn(project);
  await expectSetUp(project, 'npm ci');
  const help = await project.run('playwright-auth-sessions', ['--help']);
  expect(help.output).toContain('Usage: playwright-auth-sessions');
});

test('npm, a CommonJS project, Playwright 1.62: compiles, runs signed in', async ({ install }) => {
  const project = await install({ manager: 'npm', type: 'commonjs', packages: oldestPackages });
  // TypeScript 6 finds what 7 finds, in four times the time.
  await expectToCompile(project, { module: 'node16', compilers: ['oldest', 'newest'] });
  await expectSignedIn(project);
});

test("pnpm's strict node_modules: runs signed in", async ({ install }) => {
  const project = await install({ manager: 'pnpm', type: 'module', packages: newestPackages });
  await expectSignedIn(project);
  await expectSetUp(project, 'pnpm install --frozen-lockfile');
});

test('Yarn: runs signed in', async ({ install }) => {
  const project = await install({ manager: 'yarn', type: 'commonjs', packages: newestPackages });
  await expectSignedIn(project);
  await expectSetUp(project, 'yarn install --immutable');
});

/** Of the installed package, those that are not meant to be published: what runs leave, tests, settings. */
function unmeantFiles({ folder }: InstalledProject): readonly string[] {
  const published = path.join(folder, 'node_modules/playwright-auth-sessions');
  const files = readdirSync(published, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  return files
    .map((file) => path.relative(published, path.join(file.parentPath, file.name)).replaceAll('\\', '/'))
    .filter((file) => !meant.test(file));
}

const meant =
  /^(package\.json|LICENSE|([A-Z]+|docs\/[a-z-]+)\.md|docs\/pictures\/[a-z-]+\.(png|svg)|(dist\/)?(src|fixtures|reports)\/(?!output\/)[\w/-]+(\.d)?\.c?[jt]s(\.map)?)$/;
