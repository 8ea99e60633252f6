import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from '@playwright/test';
import { findOnPath } from '../find-on-path.js';

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Where its socket is, and its data. */
  readonly folder: string;
  /** Further settings, as on its command line: `['--maxmemory', '3mb']`. */
  readonly settings?: readonly string[];
  /** The URL that clients use. [of its socket] */
  readonly url?: string;
  /** A command that runs it elsewhere: in a network namespace. [none] */
  readonly inside?: readonly string[];
}

/** Skips where there is no Redis server, and says how to get one; on CI that is a failure. */
export function requireRedisServer(): void {
  const isMissing = findOnPath('redis-server') === undefined;
  if (isMissing && process.env.CI) throw new Error(`This test ${howToGetIt}`);
  test.skip(isMissing, howToGetIt);
}

/** A Redis server on a socket in `folder`, without data on disk. */
export async function startRedisServer({
  folder,
  settings = [],
  url,
  inside = [],
}: RedisServerOptions): Promise<RedisServer> {
  const socket = join(folder, 'r.sock');
  const basics = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const [command = 'redis-server', ...words] = [...inside, 'redis-server', ...basics, ...settings];
  const server = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  const lines = createInterface(server.stdout);
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (/ready to accept connections/i.test(line)) resolve();
    });
  });
  await Promise.race([
    ready,
    ended.then(() => {
      throw new Error('redis-server ended at its start');
    }),
  ]);
  return {
    url: url ?? `unix://${socket}`,
    pid: server.pid ?? 0,
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

const howToGetIt = 'needs redis-server: sudo apt-get install redis-server';
