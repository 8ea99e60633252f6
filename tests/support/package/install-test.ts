import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { ensureTarball } from '../../run/package.mjs';
import { ensurePackages } from '../../run/packages.mjs';
import { repository } from '../nested-run.js';
import { localCredentials, quickAccounts } from '../signed-in-project.js';
import {
  createInstalledProject,
  versionsFolder,
  type InstalledProject,
  type InstalledProjectOptions,
} from './installed-project.js';
import { createRegistry, type Manifest, type Registry } from './registry.js';

export type Install = (options: Omit<InstalledProjectOptions, 'registryUrl'>) => Promise<InstalledProject>;

interface Packages {
  /** Has the tarball, and what is installed here. */
  readonly registry: Registry;
  /** Why other versions and package managers are not to be had; empty when they are. */
  readonly noOthers: string;
}

/** Each project installs what `npm pack` gives, from a registry on loopback: as a person does, without a network. */
export const test = base.extend<{ install: Install }, { packages: Packages }>({
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
      const onlyUsual = options.manager === 'npm' && options.packages === newestPackages;
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

/** What a person names when installing; types of Node for the compiler. */
export const newestPackages = ['playwright-auth-sessions', '@playwright/test', '@types/node'];
export const oldestPackages = ['playwright-auth-sessions', '@playwright/test@~1.62.0', '@types/node'];

async function installOthers(): Promise<string> {
  try {
    await ensurePackages({ root: versionsFolder, say: () => undefined, quiet: true });
    return '';
  } catch (error) {
    return `Other versions and package managers could not be installed: ${error instanceof Error ? error.message : ''}`;
  }
}
