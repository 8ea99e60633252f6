import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

/** What the compiler's process is asked. */
export interface CompileRequest {
  readonly id: string;
  readonly tests: readonly WrittenFile[];
  /** Whether the project's package.json says that its files are ES modules. */
  readonly isModule: boolean;
  readonly flows: readonly WrittenFile[];
  /** Where the project's broker keeps compiled flows. */
  readonly flowsTo: string;
}

/**
 * Compiles the TypeScript of a nested project to where Playwright and the broker look for compiled files. One process
 * does it for all projects of this one: each run that loads both compilers needs more than half a second of processor
 * time for it. The run compiles what is missing.
 */
export async function compileAhead(folder: string, written: readonly WrittenFile[]): Promise<void> {
  const files = written.filter(({ file }) => file.endsWith('.ts'));
  if (files.length === 0 || process.platform !== 'linux') return;
  const flowsTo = path.join(folder, 'state/auth-sessions/compiled');
  mkdirSync(flowsTo, { recursive: true, mode: 0o700 });
  const isFlow = ({ text }: WrittenFile) => /define(AuthFlow|AuthSessions)\(/.test(text);
  await askCompiler({
    tests: files.filter((file) => !isFlow(file)),
    isModule: readFileSync(path.join(folder, 'package.json'), 'utf8').includes('"module"'),
    flows: files.filter(isFlow),
    flowsTo,
  });
}

/** Where Playwright keeps what it has compiled, also in runs that have their own temporary folder. */
export const compiledTests = path.join(tmpdir(), `nested-projects-compiled-${process.geteuid?.() ?? ''}`);

function askCompiler(request: Omit<CompileRequest, 'id'>): Promise<void> {
  const running = (compiler ??= startCompiler());
  const id = randomUUID();
  return new Promise((resolve) => {
    const done = () => {
      running.off('message', hear).off('exit', done);
      resolve();
    };
    const hear = (answer: unknown) => answer === id && done();
    running.on('message', hear).once('exit', done);
    running.send({ id, ...request } satisfies CompileRequest, (error) => error && done());
  });
}

/** It ends with this process. */
function startCompiler(): ChildProcess {
  const child = fork(path.join(import.meta.dirname, 'compiler-process.mjs'), {
    env: { ...process.env, PLAYWRIGHT_TRANSFORM_CACHE_DIR: compiledTests },
    stdio: 'ignore',
  });
  child.unref();
  child.channel?.unref();
  return child;
}

let compiler: ChildProcess | undefined;
