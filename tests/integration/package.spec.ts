import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { ensureTarball } from '../run/package.mjs';
import { ensurePackages } from '../run/packages.mjs';
import { createConsultationsSite } from '../support/consultations/index.js';
import { repository } from '../support/nested-run.js';
import {
  createInstalledProject,
  versionsFolder,
  type InstalledProject,
  type InstalledProjectOptions,
} from '../support/package/installed-project.js';
import { createRegistry, type Manifest, type Registry } from '../support/package/registry.js';
import { localCredentials, quickAccounts } from '../support/signed-in-project.js';

type Install = (options: Omit<InstalledProjectOptions, 'registryUrl'>) => Promise<InstalledProject>;

interface Packages {
  /** Has the tarball, and what is installed here. */
  readonly registry: Registry;
  /** Why other versions and package managers are not to be had; empty when they are. */
  readonly noOthers: string;
}

/** Each project installs what `npm pack` gives, from a registry on loopback: as a person does, without a network. */
const test = base.extend<{ install: Install }, { packages: Packages }>({
  packages: [
    async ({}, use) => {
      const tarball = await ensureTarball({ root: repository, quiet: true });
      const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as Manifest;
      const noOthers = await installOthers();
      const folders = noOthers === '' ? [repository, versionsFolder] : [repository];
      const registry = await createRegistry({ folders, own: { tarball, manifest } });
      await use({ registry, noOthers });
      await registry.close();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  install: async ({ packages: { registry, noOthers } }, use, testInfo) => {
    const projects: InstalledProject[] = [];
    await use(async (options) => {
      const onlyUsual = options.manager === 'npm' && options.packages === newest;
      testInfo.skip(noOthers !== '' && !onlyUsual, noOthers);
      const credentials = `${localCredentials(quickAccounts)}\nAUTOMATION__REFUSED__PASSWORD='no longer true'\n`;
      const files = { '.env.auth-sessions': credentials, ...options.files };
      const project = await createInstalledProject({ ...options, files, registryUrl: registry.url });
      projects.push(project);
      return project;
    });
    for (const project of projects) await project.remove();
  },
});

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

const newest = ['playwright-auth-sessions', '@playwright/test', '@types/node'];
const oldest = ['playwright-auth-sessions', '@playwright/test@~1.62.0', '@types/node'];

test('npm, an ESM project, the newest Playwright: compiles, runs signed in, has the command line', async ({
  install,
}) => {
  const project = await install({ manager: 'npm', type: 'module', packages: newest });
  expect(unmeantFiles(project)).toEqual([]);
  await expectToCompile(project, 'nodenext');
  await expectSignedIn(project);
  const help = await project.run('auth-sessions', ['--help']);
  expect(help.output).toContain('Usage: auth-sessions');
});

test('npm, a CommonJS project, Playwright 1.62: compiles, runs signed in', async ({ install }) => {
  const project = await install({ manager: 'npm', type: 'commonjs', packages: oldest });
  await expectToCompile(project, 'node16');
  await expectSignedIn(project);
});

test("pnpm's strict node_modules: runs signed in", async ({ install }) => {
  await expectSignedIn(await install({ manager: 'pnpm', type: 'module', packages: newest }));
});

test('Yarn: runs signed in', async ({ install }) => {
  await expectSignedIn(await install({ manager: 'yarn', type: 'commonjs', packages: newest }));
});

async function installOthers(): Promise<string> {
  try {
    await ensurePackages({ root: versionsFolder, say: () => undefined, quiet: true });
    return '';
  } catch (error) {
    return `Other versions and package managers could not be installed: ${error instanceof Error ? error.message : ''}`;
  }
}

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
  /^(package\.json|LICENSE|[A-Z]+\.md|(dist\/)?(src|fixtures|reports)\/(?!output\/)[\w/-]+(\.d)?\.c?[jt]s(\.map)?)$/;

/** What people write, and every declaration it leads to, with the oldest TypeScript and the newest. */
async function expectToCompile(project: InstalledProject, module: 'nodenext' | 'node16'): Promise<void> {
  for (const compiler of compilers.filter((file) => existsSync(file))) {
    const { code, output } = await project.run(compiler, [...strictly, '--module', module]);
    expect(code, `${compiler}: ${output}`).toBe(0);
  }
}

const compilers = [
  path.join(versionsFolder, 'node_modules/typescript-5.0/bin/tsc'),
  path.join(repository, 'node_modules/typescript/bin/tsc'),
  path.join(versionsFolder, 'node_modules/typescript-7/bin/tsc'),
];

const strictly = [
  ...['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', 'false'],
  ...['playwright.config.ts', 'auth-flows/auth-sessions.ts', 'tests/admin.spec.ts', 'tests/types.ts'],
];

/** With one sign-in for all that ask, and a refusal that is known for one. */
async function expectSignedIn(project: InstalledProject): Promise<void> {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  try {
    const { code, output } = await project.run('playwright', ['test'], { SITE_URL: site.url });
    expect(output).toContain('3 passed');
    expect(code, output).toBe(0);
    expect(site.signIns(quickAccounts.admin.email)).toBe(1);
  } finally {
    await site.close();
  }
}
