import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { StoreOptions } from '../../core/store-options.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Clock, EventStore, RefusalStore, SessionStore } from '../../core/ports.js';
import type { UseStore } from '../../core/use-store.js';
import type { SignCountStore } from '../../core/sign-count.js';
import { within } from '../../time/within.js';
import { createHandedClient } from './handed-client.js';
import { isInClear, parseRedisUrl } from './redis-address.js';
import { createRedisClient } from './redis-client.js';
import { createRedisConnection, firstLook } from './redis-connection.js';
import { createRedisEvents } from './redis-events.js';
import { readHealth, type RedisHealth } from './redis-health.js';
import { redisPrefix } from './redis-prefix.js';
import { createRedisRefusals } from './redis-refusals.js';
import { createRedisSignCounts } from './redis-sign-counts.js';
import { createRedisStore } from './redis-store.js';
import { createRedisUses } from './redis-uses.js';

export interface OpenRedisStoreOptions {
  readonly settings: StoreOptions;
  /** Has a password in it, perhaps. `undefined` only with `settings.client`. */
  readonly url: string | undefined;
  /** Where the URL is from, for messages. */
  readonly urlFrom: string;
  /** `caFile` is relative to it, and its `package.json` names the suite. */
  readonly suiteFolder: string;
  readonly keyId: string;
  /** How long an entry is kept after it was last written. */
  readonly entryTtlMs: number;
  readonly clock: Clock;
  readonly onWarning: (warning: string) => void;
}

export interface OpenedRedisStore {
  readonly store: SessionStore;
  readonly refusals: RefusalStore;
  readonly uses: UseStore;
  readonly signCounts: SignCountStore;
  readonly events: EventStore;
  /** For people. */
  readonly health: () => Promise<RedisHealth>;
  /** Releases the leases that are still held, if Redis answers at once. */
  close(): Promise<void>;
}

/**
 * Opens the store in Redis, once it has answered. `undefined` when it does not, and the suite chose to run without.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`; `ERR_STORE_UNREACHABLE`; `ERR_STORE_UNWRITABLE`
 */
export async function openRedisStore(options: OpenRedisStoreOptions): Promise<OpenedRedisStore | undefined> {
  const { settings, clock, entryTtlMs } = options;
  const { createClient, ...way } = settings.client
    ? ownClient(settings.client, options.url)
    : clientFor(options);
  const connection = createRedisConnection({ createClient, clock });
  const suite = settings.prefix ?? suiteName(options.suiteFolder);
  const prefix = redisPrefix({ suite, keyId: options.keyId });
  const description = way.isByTls ? 'Redis, by TLS' : 'Redis';
  try {
    const first = connection.withPatience(firstLook);
    await createRedisStore({ connection: first, prefix, entryTtlMs }).keys();
  } catch (error) {
    connection.close();
    const isAway = error instanceof AuthSessionsError && error.code === 'ERR_STORE_UNREACHABLE';
    if (!isAway || settings.whenStoreUnavailable !== 'local') throw error;
    options.onWarning(`${error.explanation.failed} This run keeps its sessions in files.`);
    return undefined;
  }
  const store = createRedisStore({ connection, prefix, entryTtlMs, description });
  return {
    store,
    refusals: createRedisRefusals({ connection, prefix }),
    uses: createRedisUses({ connection, prefix }),
    signCounts: createRedisSignCounts({ connection, prefix, entryTtlMs }),
    events: createRedisEvents({ connection, prefix }),
    health: async () => ({ ...(await readHealth(connection, clock)), isInClear: way.isInClear }),
    async close() {
      await within(closePatienceMs, store.releaseAll());
      connection.close();
    },
  };
}

function ownClient(make: NonNullable<StoreOptions['client']>, url: string | undefined) {
  return { createClient: async () => createHandedClient(make, url), isByTls: false, isInClear: false };
}

function clientFor({ settings, url = '', urlFrom, suiteFolder }: OpenRedisStoreOptions) {
  const { sentinel, cluster } = settings;
  const address = parseRedisUrl(url, urlFrom);
  const caFile = settings.caFile === undefined ? undefined : path.resolve(suiteFolder, settings.caFile);
  const options = { address, caFile, sentinel, cluster, connectTimeoutMs: 5000 };
  return {
    createClient: async () => createRedisClient(options),
    isByTls: address.kind === 'tls',
    isInClear: isInClear(address),
  };
}

const closePatienceMs = 1000;

/** The same on all machines that check the suite out: the package's name, or the folder's. */
function suiteName(folder: string): string {
  try {
    const text: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    if (typeof text === 'object' && text !== null && 'name' in text && typeof text.name === 'string')
      return text.name;
  } catch {
    // The Playwright config may be in a folder below the package.
  }
  return path.basename(path.resolve(folder));
}
