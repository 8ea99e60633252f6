import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { createConsultationsSite } from '../consultations/index.js';
import { repository } from '../nested-run.js';
import { quickAccounts } from '../signed-in-project.js';
import { versionsFolder, type InstalledProject } from './installed-project.js';

/** With one sign-in for all that ask, and a refusal that is known for one. */
export async function expectSignedIn(project: InstalledProject): Promise<void> {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  try {
    const { code, output } = await project.run('playwright', ['test'], { SITE_URL: site.url });
    expect(output).toContain('3 passed');
    expect(code, output).toBe(0);
    expect(site.signIns(quickAccounts.admin.email)).toBe(1);
    await expectCommandLine(project, site.url);
    expect(site.signIns(quickAccounts.admin.email)).toBe(1);
  } finally {
    await site.close();
  }
}

/** That it finds the config, the package it uses, and what the run has stored. */
async function expectCommandLine(project: InstalledProject, siteUrl: string): Promise<void> {
  const listed = await project.run('playwright-auth-sessions', ['list'], { SITE_URL: siteUrl });
  expect(listed.output).toMatch(/^admin +credentials +\S+consultations\.\w+ +local +fresh /m);
  const checked = await project.run('playwright-auth-sessions', ['check', 'admin'], { SITE_URL: siteUrl });
  expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('admin signed in') });
  // Its standard input is at its end: it has started Playwright's server, and ends.
  const agent = await project.run('playwright-auth-sessions', ['mcp', 'admin'], { SITE_URL: siteUrl });
  expect(agent).toEqual({ code: 0, output: '' });
}

/** That init finds who installs packages there, and that what it writes loads. */
export async function expectSetUp(project: InstalledProject, install: string): Promise<void> {
  const fresh = path.join(project.folder, 'fresh');
  for (const folder of [fresh, path.join(project.folder, '.git')]) await mkdir(folder);
  const config = "export default { use: { baseURL: 'https://shop.example' } };\n";
  await writeFile(path.join(fresh, 'playwright.config.mjs'), config);
  const written = await project.run('playwright-auth-sessions', ['init', '--yes', '--config', 'fresh']);
  expect(written.code, written.output).toBe(0);
  const workflow = await readFile(path.join(project.folder, '.github/workflows/auth-sessions.yml'), 'utf8');
  expect(workflow).toContain(`      - run: ${install}\n`);
  expect(workflow).toContain('    working-directory: fresh\n');
  const listed = await project.run('playwright-auth-sessions', ['list', '--config', 'fresh']);
  expect(listed).toMatchObject({ code: 0, output: expect.stringContaining('admin') });
  const again = await project.run('playwright-auth-sessions', ['init', '--yes', '--config', 'fresh']);
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('Nothing to do') });
}

export interface Compilation {
  readonly module: 'nodenext' | 'node16';
  readonly compilers: readonly (keyof typeof compilers)[];
}

/** What people write, and every declaration it leads to. Compilers that could not be installed are left out. */
export async function expectToCompile(
  project: InstalledProject,
  { module, compilers: names }: Compilation,
): Promise<void> {
  for (const name of names.filter((one) => existsSync(compilers[one]))) {
    // Playwright's own types import zod's where it is installed, and those need TypeScript 5.4.
    const unchecked = name === 'oldest' ? ['--skipLibCheck', 'true'] : [];
    const options = [...strictly, ...unchecked, '--module', module];
    const { code, output } = await project.run(compilers[name], options);
    expect(code, `TypeScript, ${name}: ${output}`).toBe(0);
  }
}

const compilers = {
  oldest: path.join(versionsFolder, 'node_modules/typescript-5.0/bin/tsc'),
  6: path.join(repository, 'node_modules/typescript/bin/tsc'),
  newest: path.join(versionsFolder, 'node_modules/typescript-7/bin/tsc'),
};

const strictly = [
  ...['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', 'false'],
  ...['playwright.config.ts', 'auth-flows/auth-sessions.ts', 'tests/admin.spec.ts', 'tests/types.ts'],
];
