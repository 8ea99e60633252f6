import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { AskPlaywright } from '../../src/cli/suite/suite-description.js';
import type * as ReadSuite from '../../src/cli/suite/read-suite.js';
import type * as createProgram from '../../src/cli/run-program.js';
import type { Envelope } from '../../src/cli/terminal/envelope.js';
import { cleanEnvironment, withoutColours } from './nested-run.js';
import { modulesWithOwnPackage } from './package/built-package.js';
import { testKey } from './test-key.js';

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandRun>;
  /** Types a line. */
  type(line: string): void;
  /** Resolves when what was printed so far, to either stream, matches. */
  waitFor(pattern: RegExp): Promise<void>;
}

export interface CommandOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether somebody may type into its standard input; else it is at its end. [false] */
  readonly interactive?: boolean;
}

/** Runs `npx playwright-auth-sessions …` in a folder, as it is built for users, to its end. No terminal is attached. */
export function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandRun> {
  return startCommand(args, options).ended;
}

export function startCommand(
  args: readonly string[],
  { folder, env = {}, interactive = false }: CommandOptions,
): RunningCommand {
  const child = spawn(process.execPath, [commandLine(), ...args], {
    cwd: folder,
    env: cleanEnvironment(env, folder),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may end before it has read all.
  child.stdin.on('error', () => undefined);
  if (!interactive) child.stdin.end();
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const look = () => watchers.forEach((watcher) => watcher());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += withoutColours(text);
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += withoutColours(text);
    look();
  });
  const ended = new Promise<CommandRun>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr })),
  );
  return {
    process: child,
    ended,
    type: (line) => void child.stdin.write(`${line}\n`),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          if (!pattern.test(stdout + stderr)) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
        void ended.then(() =>
          reject(new Error(`the command ended without ${String(pattern)}:\n${stdout}${stderr}`)),
        );
      }),
  };
}

/** The script behind `npx playwright-auth-sessions`. */
export function commandLine(): string {
  return path.join(modulesWithOwnPackage(), 'playwright-auth-sessions/dist/src/cli/main.js');
}

/** The envelope that a command printed. */
export function envelopeOf({ stdout }: Pick<CommandRun, 'stdout'>): Envelope {
  return JSON.parse(stdout) as Envelope;
}

/**
 * The same in this process, which is faster: for commands whose process is of no account.
 * Nothing of the environment around it is seen but what a person's shell has. The store's key is given: a key file
 * would be this process's own.
 */
export async function runInProcess(
  args: readonly string[],
  { folder, env = {} }: CommandOptions,
): Promise<CommandRun> {
  const [stdout, stderr] = [createSink(), createSink()];
  const { runProgram } = await builtModule<typeof createProgram>('cli/run-program.js');
  const exitCode = await runProgram(args, {
    folder,
    env: cleanEnvironment({ AUTH_SESSIONS_KEY: testStoreKey, ...env }, folder),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: new AbortController().signal,
    askPlaywright: askOnce,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * What Playwright reads of a config is the same for the same text and environment: each is read once, and an answer
 * serves other projects of the same text. Where a config imports or reads files, only for its own project.
 */
const askOnce: AskPlaywright = async (configFile, options) => {
  const { askPlaywright } = await builtModule<typeof ReadSuite>('cli/suite/read-suite.js');
  const text = await readFile(configFile, 'utf8');
  const own = await placeOf(configFile, text);
  const key = JSON.stringify(
    replaceTexts([path.basename(configFile), text, own.packageText, options.env], own.texts, neutral),
  );
  const asked = answers.get(key) ?? { texts: own.texts, answer: askPlaywright(configFile, options) };
  answers.set(key, asked);
  return replaceTexts(await asked.answer, asked.texts, own.texts);
};

const answers = new Map<string, { texts: readonly string[]; answer: ReturnType<AskPlaywright> }>();

/** What differs between projects whose configs say the same: their folder, and the address of their site. */
async function placeOf(configFile: string, text: string) {
  const folder = path.dirname(configFile);
  const packageText = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '');
  const isAlone =
    !/['"](\.{1,2}\/[^'"]*['"]\s*;|dotenv|node:fs)/.test(text) && (await realpath(folder)) === folder;
  const [address = neutral[1] ?? ''] = /127\.0\.0\.1:\d+/.exec(text) ?? [];
  return { packageText, texts: isAlone ? [folder, address] : neutral };
}

const neutral = ['<folder>', '<address>'];

/** A copy, with each of these texts replaced by its counterpart. */
function replaceTexts<Value>(value: Value, from: readonly string[], to: readonly string[]): Value {
  const replaced = (text: string) =>
    from.reduce((all, one, index) => all.replaceAll(one, to[index] ?? one), text);
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return replaced(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [replaced(name), walk(inner)]));
  };
  return walk(value) as Value;
}

/** Of the package that the project's config uses: two copies of it know nothing of each other. */
async function builtModule<Module>(file: string): Promise<Module> {
  const own = path.join(modulesWithOwnPackage(), 'playwright-auth-sessions/dist/src', file);
  return (await import(pathToFileURL(own).href)) as Module;
}

export const testStoreKey = testKey('commands');

/** A stream that is no terminal, and what was written to it. */
export function createSink() {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      written += chunk.toString();
      done();
    },
  });
  return { stream, text: () => withoutColours(written) };
}
