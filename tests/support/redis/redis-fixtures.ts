import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRedisUrl } from '../../../src/store/redis/redis-address.js';
import { createRedisClient } from '../../../src/store/redis/redis-client.js';
import type { RedisConnection } from '../../../src/store/redis/redis-connection.js';
import { createRedisConnection } from '../../../src/store/redis/redis-connection.js';
import { systemClock } from '../store/system-clock.js';
import { startRedisServer, type RedisServer } from './redis-server.js';

/** A folder with a short path: the system allows a socket's path about a hundred letters. */
export async function withShortFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'r-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs with a server that is gone afterwards. */
export async function withRedisServer<T>(
  settings: readonly string[],
  run: (server: RedisServer, folder: string) => Promise<T>,
): Promise<T> {
  return withShortFolder(async (folder) => {
    const server = await startRedisServer({ folder, settings });
    try {
      return await run(server, folder);
    } finally {
      await server.stop();
    }
  });
}

export interface ConnectOptions {
  readonly delaysMs?: readonly number[];
  readonly attemptMs?: number;
  readonly caFile?: string;
}

/** Runs with a connection that is closed afterwards. */
export async function withConnection<T>(
  url: string,
  { delaysMs = [0], attemptMs = 30_000, caFile }: ConnectOptions,
  run: (connection: RedisConnection) => Promise<T>,
): Promise<T> {
  const connection = connectTo(url, { delaysMs, attemptMs, ...(caFile === undefined ? {} : { caFile }) });
  try {
    return await run(connection);
  } finally {
    connection.close();
  }
}

export function connectTo(
  url: string,
  { delaysMs = [0], attemptMs = 30_000, caFile }: ConnectOptions = {},
): RedisConnection {
  const address = parseRedisUrl(url, 'the URL');
  return createRedisConnection({
    createClient: async () => createRedisClient({ address, caFile, connectTimeoutMs: attemptMs }),
    clock: systemClock,
    delaysMs,
    attemptMs,
  });
}
