import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../../..');
const packages = path.join(repository, 'node_modules');
const bundler = 'tests/run/bundle.mjs';
const builds = path.join(packages, '.cache/built-package');

let modules: string | undefined;

/**
 * A `node_modules` folder with this repository's packages and this one among them, built as users get it. There is
 * one for each state of the sources, so that a test that runs does not see them change.
 */
export function modulesWithOwnPackage(): string {
  if (modules !== undefined) return modules;
  const folder = path.join(builds, digestOfSources());
  if (!existsSync(folder)) build(folder);
  modules = path.join(folder, 'node_modules');
  return modules;
}

/** Built aside and put there at once: of two that start together, the first is taken. */
function build(folder: string): void {
  removeOld();
  const aside = path.join(builds, `.${randomUUID()}`);
  const own = path.join(aside, 'node_modules/playwright-auth-sessions');
  mkdirSync(own, { recursive: true });
  try {
    for (const name of readdirSync(packages))
      if (name !== '.cache')
        symlinkSync(path.join(packages, name), path.join(aside, 'node_modules', name), 'junction');
    copyFileSync(path.join(repository, 'package.json'), path.join(own, 'package.json'));
    compile(path.join(own, 'dist'));
    renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Types are checked elsewhere. */
function compile(outDir: string): void {
  const compiler = path.join(packages, 'typescript-native/bin/tsc');
  runNode([compiler, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', outDir]);
  runNode([bundler, outDir]);
}

function runNode(args: readonly string[]): void {
  const options = { cwd: repository, encoding: 'utf8' } as const;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`The package could not be built: ${stdout}${stderr}`, { cause: error });
}

function digestOfSources(): string {
  const files = ['src', 'fixtures', 'reports'].flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.startsWith('output'))
      .map((file) => path.join(folder, file))
      .sort(),
  );
  const hash = createHash('sha256');
  for (const file of [
    ...files,
    bundler,
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ])
    hash.update(`${file}\n`).update(readFileSync(path.join(repository, file)));
  return hash.digest('hex').slice(0, 16);
}

/** What no run of today can be using. */
function removeOld(): void {
  mkdirSync(builds, { recursive: true });
  for (const name of readdirSync(builds)) {
    const folder = path.join(builds, name);
    const builtMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - builtMs > oneDayMs) rmSync(folder, { recursive: true, force: true });
  }
}

const oneDayMs = 24 * 60 * 60 * 1000;
