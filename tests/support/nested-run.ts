import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import nodeModule, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser } from '../../src/browser/find-browser.js';
import type { RunSummary } from '../../src/core/session-event.js';
import { compileAhead, compiledTests } from './compile-ahead.js';
import { modulesWithOwnPackage } from './package/built-package.js';

/** A Playwright project in a temporary folder, that uses this package as it is built for users. */
export interface NestedProject {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(file: string): Promise<string>;
  /** Runs `npx playwright test` there, to its end. */
  run(args?: readonly string[], options?: NestedRunOptions): Promise<NestedRun>;
  /** Starts it, for runs that are watched or ended from outside. */
  start(args?: readonly string[], options?: NestedRunOptions): RunningNestedRun;
  summary(): Promise<RunSummary>;
  remove(): Promise<void>;
}

export interface NestedRunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The command of Playwright's command line. [test] */
  readonly command?: string;
  /** A script of the project to run instead of Playwright's command line. */
  readonly script?: string;
}

export interface NestedRun {
  readonly exitCode: number | null;
  /** Standard output and error, as they came, without colours. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FileResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface RunningNestedRun {
  readonly process: ChildProcess;
  readonly ended: Promise<NestedRun>;
  /** So far, without colours. */
  output(): string;
  /** Resolves when the output so far matches. */
  waitFor(pattern: RegExp): Promise<void>;
}

export const repository = path.resolve(import.meta.dirname, '../..');

/** Files import `@auth` for this package. */
export async function createNestedProject(files: Readonly<Record<string, string>>): Promise<NestedProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nested-project-'));
  await symlink(modulesWithOwnPackage(), path.join(folder, 'node_modules'), 'junction');
  const write = async (more: Readonly<Record<string, string>>) => {
    const written = Object.entries(more).map(([name, text]) => ({
      file: path.join(folder, name),
      text: text.replaceAll(/(['"])@auth\1/g, "'playwright-auth-sessions'"),
    }));
    for (const { file, text } of written) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await compileAhead(folder, written);
  };
  await write({ 'package.json': '{ "type": "module" }', ...files });
  const start: NestedProject['start'] = (args = [], options = {}) => startRun(folder, args, options);
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  return {
    folder,
    write,
    read,
    start,
    run: (args, options) => start(args, options).ended,
    summary: async () => JSON.parse(await read('reports/output/auth-sessions.json')) as RunSummary,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** For a nested config: the browser of this machine, without what a closed network makes it wait for. */
export function browserUse(): string {
  const executablePath = findBrowser()?.executablePath;
  return JSON.stringify({ args: ['--disable-quic'], ...(executablePath && { executablePath }) });
}

function startRun(
  folder: string,
  args: readonly string[],
  { env = {}, command = 'test', script }: NestedRunOptions,
): RunningNestedRun {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [...(script === undefined ? [cli, command] : [script]), ...args], {
    cwd: folder,
    env: cleanEnvironment(env, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let output = '';
  const watchers = new Set<() => void>();
  const hear = (chunk: Buffer, of: 'stdout' | 'stderr') => {
    const text = withoutColours(chunk.toString('utf8'));
    output += text;
    if (of === 'stdout') stdout += text;
    else stderr += text;
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (chunk: Buffer) => hear(chunk, 'stdout'));
  child.stderr.on('data', (chunk: Buffer) => hear(chunk, 'stderr'));
  const ended = new Promise<NestedRun>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, output, stdout, stderr })),
  );
  return {
    process: child,
    ended,
    output: () => output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`the run ended without ${String(pattern)}:\n${output}`)));
      }),
  };
}

/** What a run gets from the shell of a person who has no Playwright run around it. */
export function cleanEnvironment(env: NestedRunOptions['env'], folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !/^(XDG_RUNTIME_DIR$|TEST_|PW_|PWTEST|PLAYWRIGHT_(?!BROWSERS_PATH)|AUTH_SESSIONS_(?!BROWSER$)|OP_|CI$|FORCE_COLOR|NODE_OPTIONS)/.test(
        name,
      ),
  );
  const state = path.join(folder, 'state');
  const places = { XDG_STATE_HOME: state, XDG_CACHE_HOME: state, LOCALAPPDATA: state, HOME: folder };
  return {
    ...Object.fromEntries(own),
    ...keptCode,
    PLAYWRIGHT_TRANSFORM_CACHE_DIR: compiledTests,
    ...places,
    ...env,
  };
}

/** The environment by which processes keep V8's code of large packages, as Playwright, for each other. */
export const keptCode =
  'enableCompileCache' in nodeModule
    ? { NODE_COMPILE_CACHE: path.join(repository, 'node_modules/.cache/compiled-code') }
    : { NODE_OPTIONS: `--require ${JSON.stringify(path.join(import.meta.dirname, 'code-cache.cjs'))}` };

/** How the tests of a file ended, as the list reporter prints it: each attempt counts. */
export function resultsOf({ output }: Pick<NestedRun, 'output'>, file: string): FileResults {
  const own = output.split('\n').filter((line) => line.includes(`tests/${file}:`));
  const count = (mark: RegExp) => own.filter((line) => mark.test(line)).length;
  return { passed: count(/^ *(✓|ok) /), failed: count(/^ *(✘|x) /), skipped: count(/^ *- /) };
}

export function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what a colour is
  return text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}
