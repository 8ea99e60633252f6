import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { plainScript } from '../plain-script.js';

/** A real Node process that runs a script of this folder. Its messages come one by one. */
export interface NodeChild {
  readonly process: ChildProcess;
  /** The next message that the script sends; fails when it ends without one. */
  nextMessage(): Promise<unknown>;
  /** Waits for the end: the exit code, or the name of the signal. */
  ended(): Promise<number | string>;
}

export function startChild(
  script: string,
  args: readonly string[],
  /** A command that runs it elsewhere: in a network namespace. */
  inside: readonly string[] = [],
): NodeChild {
  const [command = '', ...words] = [...inside, process.execPath, plain(script), ...args];
  const child = spawn(command, words, { stdio: ['ignore', 2, 2, 'ipc'] });
  // Its last messages come before the disconnection, but not always before the exit.
  const end = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
    ([[code, signal]]) => (code ?? signal) as number | string,
  );
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  return {
    process: child,
    ended: async () => end,
    async nextMessage() {
      while (messages.length === 0) {
        const reason = await Promise.race([once(child, 'message').then(() => undefined), end]);
        if (reason !== undefined) throw new Error(`${script} ended with ${reason} and no message`);
      }
      return messages.shift();
    },
  };
}

/** Runs `act` with children that are killed afterwards, also after an error. */
export async function withChildren<T>(
  children: readonly NodeChild[],
  act: (children: readonly NodeChild[]) => Promise<T>,
): Promise<T> {
  try {
    return await act(children);
  } finally {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(async (child) => child.ended()));
  }
}

function plain(script: string): string {
  const known = translated.get(script) ?? plainScript(fileURLToPath(new URL(script, import.meta.url)));
  translated.set(script, known);
  return known;
}

const translated = new Map<string, string>();
