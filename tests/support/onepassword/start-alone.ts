import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface AloneServer extends AsyncDisposable {
  readonly process: ChildProcess;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly token: string;
  /** The lines it printed. */
  readonly lines: readonly string[];
}

/** Starts the server in a separate process and waits until it has printed its address and token. */
export async function startAlone(...parameters: string[]): Promise<AloneServer> {
  const script = fileURLToPath(new URL('serve.ts', import.meta.url));
  const started = spawn(process.execPath, ['--import', 'jiti/register', script, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface(started.stdout)) if (lines.push(line) === 2) break;
  const [listening = '', variable = ''] = lines;
  return {
    process: started,
    url: listening.split(' ').at(-1) ?? '',
    token: variable.slice(variable.indexOf('=') + 1),
    lines,
    async [Symbol.asyncDispose]() {
      if (started.exitCode === null && started.signalCode === null && started.kill('SIGKILL'))
        await once(started, 'exit');
    },
  };
}
