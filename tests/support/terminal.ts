import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { findOnPath } from './find-on-path.js';
import { cleanEnvironment } from './nested-run.js';

/** A program at a pseudo-terminal, as a person has it: what it shows, and keys to press. */
export interface Terminal {
  /** Resolves when what was shown since the last key matches. */
  waitFor(pattern: RegExp): Promise<void>;
  press(keys: string): void;
  close(): void;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly shown: string }>;
}

export const keys = { enter: '\r', down: '\u001b[B', left: '\u001b[D', clear: '\u0015', interrupt: '\u0003' };

/** Why there is no pseudo-terminal here, for `test.skip`; `undefined` where there is one. */
export function whyNoTerminal(): string | undefined {
  if (process.platform === 'win32') return 'Windows has no script command, which makes pseudo-terminals';
  return findOnPath('script') === undefined ? 'the script command is not installed' : undefined;
}

/** Runs Node with these arguments on a separate terminal, which the system's `script` makes. */
export function startAtTerminal(
  args: readonly string[],
  { folder, env = {} }: { readonly folder: string; readonly env?: Readonly<Record<string, string>> },
): Terminal {
  const quoted = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const sized = `stty cols 120 rows 50; exec ${quoted}`; // it would have no columns, and break at each letter
  const options =
    process.platform === 'darwin'
      ? ['-q', '/dev/null', 'sh', '-c', sized]
      : ['--quiet', '--return', '--command', sized, '/dev/null'];
  const child = spawn(findOnPath('script') ?? 'script', options, {
    cwd: folder,
    env: cleanEnvironment({ TERM: 'xterm-256color', CI: undefined, ...env }, folder),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  let shown = '';
  let since = 0;
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += stripVTControlCharacters(text);
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<{ exitCode: number | null; shown: string }>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, shown })),
  );
  return {
    ended,
    close: () => void child.kill('SIGKILL'),
    press(pressed) {
      since = shown.length;
      child.stdin.write(pressed);
    },
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(shown.slice(since))) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without ${String(pattern)}:\n${shown}`)));
      }),
  };
}
