import type { StoreClient } from '../../core/store-options.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import { explainRedisError } from './redis-trouble.js';

export interface RedisConnectionOptions {
  /** Makes a client that is not connected yet. */
  readonly createClient: () => StoreClient | Promise<StoreClient>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The wait before each further attempt. [the first at once, then up to 2 s each] */
  readonly delaysMs?: readonly number[];
  /** How long one attempt may take, connecting included. [10000] */
  readonly attemptMs?: number;
  /** How long all attempts of a command may take. [30000] */
  readonly limitMs?: number;
  /** Measures that time. */
  readonly monotonicMs?: () => number;
}

export interface RedisConnection {
  /**
   * Runs a script, which has to mean the same when it runs twice: an answer may be lost. After a command that was never
   * answered, the next ones wait only a moment, until one is answered.
   *
   * @throws AuthSessionsError `ERR_STORE_UNREACHABLE` after the last attempt; `ERR_STORE_UNWRITABLE`
   */
  run(script: string, keys: readonly string[], args?: readonly (string | number)[]): Promise<unknown>;
  /** With less patience: for a first look. */
  withPatience(patience: Patience): Pick<RedisConnection, 'run'>;
  close(): void;
}

export interface Patience {
  readonly delaysMs: readonly number[];
  readonly limitMs: number;
}

/** Connects on first use. A client that failed is replaced, so that a server that froze or moved is left behind. */
export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { createClient, clock, delaysMs = patientDelaysMs, limitMs = 30_000 } = options;
  const { attemptMs = 10_000, monotonicMs = () => performance.now() } = options;
  let current: Promise<StoreClient> | undefined;
  let closed = false;
  let isAway = false;

  const drop = (used: Promise<StoreClient>) => {
    if (current === used) current = undefined;
    void used.then(destroy, () => undefined);
  };
  const beginConnection = () => {
    const begun = connect(createClient, (work) => within(clock, attemptMs, work));
    begun.catch(() => {
      if (current === begun) current = undefined;
    });
    return begun;
  };
  const attempt = async ({ script, keys, args }: Command, leftMs: number): Promise<unknown> => {
    if (closed) throw stopped();
    const used = (current ??= beginConnection());
    const state = { isConnected: false };
    try {
      return await within(clock, Math.min(attemptMs, leftMs), async () => {
        const client = await used;
        state.isConnected = true;
        return client.eval(script, { keys, arguments: args });
      });
    } catch (error) {
      // A connection that takes longer than this command has time is left to the next one.
      if (state.isConnected && explainRedisError(error).passing) drop(used);
      throw error;
    }
  };
  const runWith =
    (patience: Patience): RedisConnection['run'] =>
    async (script, keys, args = []) => {
      const command = { script, keys: [...keys], args: args.map(String) };
      const endMs = monotonicMs() + (isAway ? Math.min(awayLimitMs, patience.limitMs) : patience.limitMs);
      for (let tried = 0; ; tried++) {
        try {
          const answer = await attempt(command, endMs - monotonicMs());
          isAway = false;
          return answer;
        } catch (error) {
          const trouble = explainRedisError(error);
          const delayMs = patience.delaysMs[tried];
          if (!trouble.passing || closed) throw trouble.error;
          if (delayMs === undefined || monotonicMs() + delayMs >= endMs) {
            isAway = true;
            throw trouble.error;
          }
          await clock.sleep(delayMs);
        }
      }
    };
  return {
    run: runWith({ delaysMs, limitMs }),
    withPatience: (other) => ({ run: runWith(other) }),
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

async function connect(
  createClient: RedisConnectionOptions['createClient'],
  inTime: (work: () => Promise<unknown>) => Promise<unknown>,
): Promise<StoreClient> {
  const client = await createClient();
  // Each command that fails says so itself.
  client.on('error', () => undefined);
  try {
    if (client.isOpen !== true) await inTime(() => client.connect());
    return client;
  } catch (error) {
    destroy(client);
    throw error;
  }
}

/** A client that never connected, or has closed, throws here. */
function destroy(client: StoreClient): void {
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

interface Command {
  readonly script: string;
  readonly keys: string[];
  readonly args: string[];
}

const patientDelaysMs = [0, 100, 200, 400, 800, 1600, ...Array.from({ length: 20 }, () => 2000)];
const awayLimitMs = 3000;

/** For the first look at a run's start. */
export const firstLook: Patience = { delaysMs: [0, 200, 500, 1000, 2000], limitMs: 15_000 };
