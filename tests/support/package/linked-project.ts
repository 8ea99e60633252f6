import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../run/command.mjs';
import { ensureTarball } from '../../run/package.mjs';
import { cleanEnvironment, repository, withoutColours } from '../nested-run.js';

export interface LinkedRun {
  readonly exitCode: number | null;
  /** Standard output and error, without colours. */
  readonly output: string;
}

/** A project of somebody else's, with the built package in its node_modules and no other file of ours. */
export interface LinkedProject {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(file: string): Promise<string>;
  /** Every file but those of packages and of the user's own folders, by its path. */
  files(): Promise<readonly string[]>;
  authSessions(...args: readonly string[]): Promise<LinkedRun>;
  /** The same, with variables. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<LinkedRun>;
  playwright(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<LinkedRun>;
  remove(): Promise<void>;
}

/** The packages that it needs are those of this repository; nothing is installed. */
export async function createLinkedProject(files: Readonly<Record<string, string>>): Promise<LinkedProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'linked-project-'));
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, 'playwright-auth-sessions'), { recursive: true });
  const packages = path.join(repository, 'node_modules');
  for (const name of await readdir(packages))
    if (!name.startsWith('.')) await symlink(path.join(packages, name), path.join(modules, name), 'junction');
  const tarball = await ensureTarball({ root: repository, quiet: true });
  const own = path.join(modules, 'playwright-auth-sessions');
  const unpacked = await run('tar', ['-xzf', tarball, '-C', own, '--strip-components=1'], { quiet: true });
  if (unpacked.code !== 0) throw new Error(`the tarball could not be unpacked: ${unpacked.output}`);
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
  };
  await write(files);
  const node = async (script: string, args: readonly string[], env = {}): Promise<LinkedRun> => {
    const own = cleanEnvironment(env, folder);
    // Other variables of the tests' shell are removed.
    const others = Object.keys(process.env).filter((name) => !(name in own));
    const without = Object.fromEntries(others.map((name) => [name, undefined]));
    const options = { cwd: folder, env: { ...without, ...own }, quiet: true };
    const { code, output } = await run(process.execPath, [path.join(modules, script), ...args], options);
    return { exitCode: code, output: withoutColours(output) };
  };
  return {
    folder,
    write,
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    files: () => filesIn(folder),
    authSessions: (...args) => node(commandLine, args),
    run: (args, env) => node(commandLine, args, env),
    playwright: (args, env) => node('@playwright/test/cli.js', args, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Every file of a project but those of packages and of the user's own folders, by its path. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((one) => one.isFile())
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)).replaceAll('\\', '/'))
    .filter((name) => !/^(?:node_modules|state)\//.test(name))
    .sort();
}

const commandLine = 'playwright-auth-sessions/dist/src/cli/main.js';
