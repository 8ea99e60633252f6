import type { SuiteOptions } from '../../core/suite-options.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import type { Clock } from '../../core/ports.js';
import type { LoadedStoreKey } from '../store-key.js';
import { openRedisStore, type OpenedRedisStore } from './open-redis-store.js';

export interface SharedStoreOptions {
  readonly suite: SuiteOptions;
  readonly sessions: ReadonlyMap<
    string,
    Pick<DeclaredSession, 'ttlSeconds'> & Partial<Pick<DeclaredSession, 'account' | 'maxConcurrentUses'>>
  >;
  readonly suiteFolder: string;
  /** `AUTH_SESSIONS_STORE_URL`. */
  readonly storeUrl: string | undefined;
  readonly clock: Clock;
  readonly onWarning: (warning: string) => void;
}

/** How the store in Redis is opened; `undefined` where the suite keeps its sessions in files. */
export function chooseSharedStore(
  options: SharedStoreOptions,
): ((key: Pick<LoadedStoreKey, 'id' | 'source'>) => Promise<OpenedRedisStore | undefined>) | undefined {
  const settings = options.suite.store ?? {};
  const url = options.storeUrl ?? settings.url;
  if (url === undefined && !settings.client) return undefined;
  return async (key) => {
    if (key.source === 'key file')
      options.onWarning(
        'the store is in Redis, and its key is of this machine alone: set the same AUTH_SESSIONS_KEY on all machines',
      );
    return openRedisStore({
      ...options,
      settings: mayGoOnAlone(options) ? settings : { ...settings, whenStoreUnavailable: 'error' },
      url,
      urlFrom: options.storeUrl === undefined ? 'store.url' : 'AUTH_SESSIONS_STORE_URL',
      keyId: key.id,
      entryTtlMs: Math.max(
        dayMs,
        ...[...options.sessions.values()].map(({ ttlSeconds }) => ttlSeconds * 1000),
      ),
    });
  };
}

/** Without the common store, two machines would use one account, or one exclusive session, at the same time. */
function mayGoOnAlone({ sessions }: SharedStoreOptions): boolean {
  return [...sessions.values()].every(
    ({ account, maxConcurrentUses }) => account === undefined && maxConcurrentUses === undefined,
  );
}

const dayMs = 24 * 60 * 60_000;
