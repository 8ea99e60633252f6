import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { above } from '../../files/above.js';

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** A project's package manager, recognized from its files. */
export interface PackageManager {
  readonly name: ManagerName;
  /** The package.json whose `packageManager` names it with a version. */
  readonly saidIn: string | undefined;
  readonly lockFile: string | undefined;
  /** The major version, if it matters: for Yarn and pnpm, from `packageManager` or the lock file. */
  readonly major: number | undefined;
}

/** The nearest `packageManager`, searching upward, or else the nearest lock file, or else a workspace of pnpm. */
export async function findPackageManager(folder: string): Promise<PackageManager> {
  const said = await findSaid(folder);
  const [lockName, lockFile] = findLock(folder, said?.name) ?? [];
  const name = said?.name ?? lockName ?? (above(folder, ['pnpm-workspace.yaml']) ? 'pnpm' : 'npm');
  const lock = lockFile !== undefined && !lockFile.endsWith('b') ? await readText(lockFile) : '';
  const major = said?.major ?? majorOf(name, lock);
  return { name, saidIn: said?.major === undefined ? undefined : said.file, lockFile, major };
}

interface Said {
  readonly name: ManagerName;
  readonly major: number | undefined;
  readonly file: string;
}

/** Searches up to the repository's own package.json. */
async function findSaid(folder: string): Promise<Said | undefined> {
  const place = above(folder, ['package.json']);
  if (place === undefined) return undefined;
  const file = path.join(place, 'package.json');
  const [, said, major] = /"packageManager"\s*:\s*"(\w+)(?:@(\d+)\.)?/.exec(await readText(file)) ?? [];
  const [name] = lockFiles.find(([manager]) => manager === said) ?? [];
  if (name) return { name, major: major === undefined ? undefined : Number(major), file };
  const parent = path.dirname(place);
  return existsSync(path.join(place, '.git')) || parent === place ? undefined : findSaid(parent);
}

function findLock(folder: string, manager: ManagerName | undefined): [ManagerName, string] | undefined {
  const wanted = lockFiles.filter(([name]) => manager === undefined || name === manager);
  const names = wanted.flatMap(([, ...files]) => files);
  const place = above(folder, names);
  const found = names.find((name) => place !== undefined && existsSync(path.join(place, name)));
  if (place === undefined || found === undefined) return undefined;
  const [name = 'npm'] = wanted.find(([, ...files]) => files.includes(found)) ?? [];
  return [name, path.join(place, found)];
}

/** An empty `yarn.lock` is created for newer Yarn versions to fill. */
function majorOf(name: ManagerName, lock: string): number | undefined {
  if (name === 'yarn') return lock.includes('# yarn lockfile v1') ? 1 : undefined;
  if (name !== 'pnpm') return undefined;
  const [, version] = /^lockfileVersion: '?(\d+)/m.exec(lock) ?? [];
  return { '5': 7, '6': 8 }[version ?? ''] ?? newestPnpm;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** The newest version that the action installs. It reads lock files of 9 and later. */
const newestPnpm = 10;

const lockFiles: readonly (readonly [ManagerName, ...string[]])[] = [
  ['pnpm', 'pnpm-lock.yaml'],
  ['yarn', 'yarn.lock'],
  ['bun', 'bun.lock', 'bun.lockb'],
  ['npm', 'package-lock.json', 'npm-shrinkwrap.json'],
];
