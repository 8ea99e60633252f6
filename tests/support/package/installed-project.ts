import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../run/command.mjs';
import { npmCommand } from '../../run/packages.mjs';
import { cleanEnvironment, keptCode, repository } from '../nested-run.js';

export type PackageManager = 'npm' | 'pnpm' | 'yarn';

export interface InstalledProjectOptions {
  readonly registryUrl: string;
  readonly manager: PackageManager;
  /** What package.json says the project's files are. */
  readonly type: 'module' | 'commonjs';
  /** What a person names when installing. */
  readonly packages: readonly string[];
  /** Files besides those of tests/package/project. */
  readonly files?: Readonly<Record<string, string>>;
  /** The Node that runs the project's tools. [this one] */
  readonly node?: string;
}

/** The project of tests/package/project, in a separate folder, with the package installed as a person does. */
export interface InstalledProject {
  readonly folder: string;
  /** Runs a tool that is installed there. */
  run(tool: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ToolRun>;
  remove(): Promise<void>;
}

export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

/** The folder of what the package is tested with besides this repository's own packages. */
export const versionsFolder = path.join(repository, 'tests/package/versions');

/** @throws Error with what the package manager printed, when it could not install */
export async function createInstalledProject(options: InstalledProjectOptions): Promise<InstalledProject> {
  const { manager, packages, registryUrl, type, files = {}, node = process.execPath } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'installed-project-'));
  await cp(path.join(repository, 'tests/package/project'), folder, { recursive: true });
  const settings = { 'package.json': JSON.stringify({ name: 'project', private: true, type }) };
  for (const [name, text] of Object.entries({ ...settings, ...settingsOf(manager, registryUrl), ...files }))
    await writeFile(path.join(folder, name), text);

  const inside = (command: readonly string[], env: NodeJS.ProcessEnv = nothingKept) => {
    const [program = '', ...args] = command;
    const variables = environmentOf({ folder, node, env });
    return run(program, args, { cwd: folder, env: variables, quiet: true, timeoutMs: patienceMs });
  };
  const installed = await inside([...commandOf(manager, node), ...packages]);
  const remove = () => rm(folder, { recursive: true, force: true });
  if (installed.code !== 0) {
    await remove();
    throw new Error(`${manager} could not install:\n${installed.output}`);
  }
  return {
    folder,
    run: (tool, args, env) =>
      inside([...toolOf(tool, folder, node), ...args], {
        ...(path.isAbsolute(tool) || node !== process.execPath ? nothingKept : keptIn(folder)),
        ...env,
      }),
    remove,
  };
}

/** How a manager is asked to add packages. Each keeps what it downloads within the project's folder. */
function commandOf(manager: PackageManager, node: string): readonly string[] {
  const script = (file: string) => [node, path.join(versionsFolder, 'node_modules', file)];
  if (manager === 'npm') return [...npmCommand(), 'install', '--loglevel=error'];
  if (manager === 'pnpm') return [...script('pnpm/bin/pnpm.cjs'), 'add'];
  return [...script('@yarnpkg/cli-dist/bin/yarn.js'), 'add'];
}

function settingsOf(manager: PackageManager, registryUrl: string): Readonly<Record<string, string>> {
  if (manager === 'npm')
    return { '.npmrc': `registry=${registryUrl}\ncache=.cache/npm\naudit=false\nfund=false\n` };
  if (manager === 'pnpm')
    return {
      '.npmrc': `registry=${registryUrl}\n`,
      'pnpm-workspace.yaml': 'storeDir: .cache/pnpm\ncacheDir: .cache/pnpm-cache\nminimumReleaseAge: 0\n',
    };
  return {
    'yarn.lock': '',
    '.yarnrc.yml': [
      `npmRegistryServer: '${registryUrl}'`,
      "unsafeHttpWhitelist: ['127.0.0.1']",
      'nodeLinker: node-modules',
      'enableGlobalCache: false',
      'enableTelemetry: false',
      'npmMinimalAgeGate: 0',
      '',
    ].join('\n'),
  };
}

/** A tool by the name it is installed under, or a script by its path. */
function toolOf(tool: string, folder: string, node: string): readonly string[] {
  if (path.isAbsolute(tool)) return [node, tool];
  return [path.join(folder, 'node_modules/.bin', process.platform === 'win32' ? `${tool}.cmd` : tool)];
}

interface EnvironmentOptions {
  readonly folder: string;
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A shell's in which nothing runs yet, and no npm says what to do. A variable without a value is removed.
 */
function environmentOf({ folder, node, env }: EnvironmentOptions): NodeJS.ProcessEnv {
  const own = cleanEnvironment({ ...env, FORCE_COLOR: '0' }, folder);
  const PATH = `${path.dirname(node)}${path.delimiter}${own.PATH ?? ''}`;
  const names = Object.keys({ ...process.env, ...own });
  const variables = names.map((name) => [name, /^npm_/i.test(name) ? undefined : own[name]]);
  return { ...(Object.fromEntries(variables) as NodeJS.ProcessEnv), PATH };
}

/** Node's own cache has an entry for each path; ours has one for each version of a package. */
function keptIn(folder: string): NodeJS.ProcessEnv {
  return 'NODE_COMPILE_CACHE' in keptCode
    ? { NODE_COMPILE_CACHE: path.join(folder, '.cache/code') }
    : keptCode;
}

/** For managers and compilers, which work long enough to be optimized, and for another Node. */
const nothingKept = { NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: undefined };

const patienceMs = 150_000;
