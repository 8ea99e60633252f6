import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { above } from '../../files/above.js';
import { readConfigFacts, type ConfigFacts, type ModuleSyntax } from './config-facts.js';
import { findPackageManager, type PackageManager } from './package-manager.js';

/** The suite's existing files, read but not run. */
export interface SurveyedSuite extends Pick<
  ConfigFacts,
  'baseURL' | 'setsBaseURL' | 'testDir' | 'webServer'
> {
  /** Folder of the Playwright config. */
  readonly folder: string;
  readonly configFile: string;
  readonly configText: string;
  readonly packageManager: PackageManager;
  readonly language: 'TypeScript' | 'JavaScript';
  readonly syntax: ModuleSyntax;
  /** Extension of the files to write: `ts`, `js`, `mjs`, `cjs`. */
  readonly extension: string;
  /** Whether a package.json names this package: the nearest, or that of a workspace's root. */
  readonly isInstalled: boolean;
  /** Folder for `.github`: the one with `.git`, or else the config's. */
  readonly repository: string;
}

export async function surveySuite(configFile: string): Promise<SurveyedSuite> {
  const folder = path.dirname(configFile);
  const configText = await readFile(configFile, 'utf8');
  const facts = readConfigFacts(configText);
  const manifest = await readManifest(folder);
  const ending = path.extname(configFile).slice(1);
  const isTypeScript = ending.endsWith('ts');
  return {
    ...facts,
    folder,
    configFile,
    configText,
    packageManager: await findPackageManager(folder),
    language: isTypeScript ? 'TypeScript' : 'JavaScript',
    syntax: isTypeScript ? 'import' : (facts.syntax ?? (manifest.type === 'module' ? 'import' : 'require')),
    extension: isTypeScript ? 'ts' : ending,
    isInstalled: await isInstalledAbove(folder),
    repository: above(folder, ['.git']) ?? folder,
  };
}

export const packageName = 'playwright-auth-sessions';

interface Manifest {
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** In a workspace, the root may have the dependencies of all its packages. Searches up to the repository's root. */
async function isInstalledAbove(folder: string): Promise<boolean> {
  const place = above(folder, ['package.json']);
  if (place === undefined) return false;
  const { dependencies, devDependencies } = await readManifest(place);
  if (Object.hasOwn({ ...dependencies, ...devDependencies }, packageName)) return true;
  const parent = path.dirname(place);
  return existsSync(path.join(place, '.git')) || parent === place ? false : isInstalledAbove(parent);
}

async function readManifest(folder: string): Promise<Manifest> {
  const place = above(folder, ['package.json']);
  if (place === undefined) return {};
  try {
    return JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
