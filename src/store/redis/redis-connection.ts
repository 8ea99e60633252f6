import { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { RedisClient } from './redis-client.js';
import { explainRedisError } from './redis-trouble.js';

export interface RedisConnectionOptions {
  /** Makes a client that is not connected yet. */
  readonly createClient: () => RedisClient | Promise<RedisClient>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The wait before each further attempt. [the first at once, about 30 s in all] */
  readonly delaysMs?: readonly number[];
  /** How long one attempt may take, connecting included. [10000] */
  readonly attemptMs?: number;
}

export interface RedisConnection {
  /**
   * Runs a script, which has to mean the same when it runs twice: an answer may be lost.
   *
   * @throws AuthSessionsError `ERR_STORE_UNREACHABLE` after the last attempt; `ERR_STORE_UNWRITABLE`
   */
  run(script: string, keys: readonly string[], args?: readonly (string | number)[]): Promise<unknown>;
  /** With other waits: for a first look. */
  withDelays(delaysMs: readonly number[]): Pick<RedisConnection, 'run'>;
  close(): void;
}

/** Connects on first use. A client that failed is replaced, so that a server that froze or moved is left behind. */
export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { createClient, clock, delaysMs = patientDelaysMs, attemptMs = 10_000 } = options;
  let current: Promise<RedisClient> | undefined;
  let closed = false;

  const drop = (used: Promise<RedisClient>) => {
    if (current === used) current = undefined;
    void used.then(destroy, () => undefined);
  };
  const attempt = async (script: string, keys: string[], args: string[]): Promise<unknown> => {
    if (closed) throw stopped();
    const used = (current ??= connect(createClient));
    try {
      return await within(clock, attemptMs, async () => (await used).eval(script, { keys, arguments: args }));
    } catch (error) {
      if (explainRedisError(error).passing) drop(used);
      else await used.catch(() => drop(used));
      throw error;
    }
  };
  const runWith =
    (delays: readonly number[]): RedisConnection['run'] =>
    async (script, keys, args = []) => {
      const texts = args.map(String);
      for (let tried = 0; ; tried++) {
        try {
          return await attempt(script, [...keys], texts);
        } catch (error) {
          const trouble = explainRedisError(error);
          const delayMs = delays[tried];
          if (!trouble.passing || delayMs === undefined || closed) throw trouble.error;
          await clock.sleep(delayMs);
        }
      }
    };
  return {
    run: runWith(delaysMs),
    withDelays: (other) => ({ run: runWith(other) }),
    close() {
      closed = true;
      if (current) drop(current);
    },
  };
}

function stopped(): AuthSessionsError {
  return new AuthSessionsError('ERR_STOPPED', {
    failed: 'The session store is closed.',
    next: 'Run again.',
  });
}

async function connect(createClient: RedisConnectionOptions['createClient']): Promise<RedisClient> {
  const client = await createClient();
  // Each command that fails says so itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    destroy(client);
    throw error;
  }
}

/** A client that never connected, or has closed, throws here. */
function destroy(client: RedisClient): void {
  try {
    void Promise.resolve(client.destroy()).catch(() => undefined);
  } catch {
    // It is closed.
  }
}

async function within<T>(clock: Pick<Clock, 'sleep'>, ms: number, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(() => {
    throw Object.assign(new Error('late'), { code: 'ETIMEDOUT' });
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work(), late]);
  } finally {
    done.abort();
  }
}

const patientDelaysMs = [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000];

/** For the first look at a run's start. */
export const firstLookDelaysMs = [0, 200, 500, 1000, 2000];
