import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { findOnPath } from './find-on-path.js';

/** A display that nobody sees, for browsers with a window. */
export interface Display {
  /** For the environment: `:7`. */
  readonly name: string;
  close(): Promise<void>;
}

/** Why windows cannot be shown here, for `test.skip`; `undefined` where they can. */
export function whyNoDisplay(): string | undefined {
  if (process.platform !== 'linux') return 'a display of its own is started on Linux only';
  return findOnPath('Xvfb') === undefined ? 'Xvfb is not installed: apt-get install xvfb' : undefined;
}

/** Starts Xvfb with a number that is free, which it chooses itself. */
export async function startDisplay(): Promise<Display> {
  const xvfb = findOnPath('Xvfb');
  if (xvfb === undefined) throw new Error('Xvfb is not installed');
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const numbers = server.stdio[3] as Readable;
  const [number] = (await Promise.race([
    once(numbers, 'data'),
    ended.then(() => Promise.reject(new Error('Xvfb did not start'))),
  ])) as [Buffer];
  return {
    name: `:${number.toString().trim()}`,
    async close() {
      server.kill();
      await ended;
    },
  };
}
