import path from 'node:path';
import type { Clock } from '../core/ports.js';
import { sessionDefaults } from '../core/session-defaults.js';
import type { SecretValue } from '../core/secret-value.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';
import { openStore, type OpenedStore } from '../store/open-store.js';
import { chooseSharedStore } from '../store/redis/choose-shared-store.js';
import type { BrokerServiceOptions } from './broker-options.js';

export interface OpenSuiteStoreOptions extends Pick<
  BrokerServiceOptions,
  'suiteFolder' | 'storeKey' | 'storeUrl'
> {
  /** The service account token: the store's key is derived from it if none is set. */
  readonly vaultCredential: SecretValue | undefined;
  readonly clock: Clock;
  readonly onWarning: (warning: string) => void;
}

/** Opens the store that a suite declares: a folder beside its config, or a Redis. */
export async function openSuiteStore(
  { options: suite, sessions }: LoadedAuthSessions,
  { suiteFolder, storeKey, storeUrl, vaultCredential, clock, onWarning }: OpenSuiteStoreOptions,
): Promise<OpenedStore> {
  const shownFolder = suite.store?.folder ?? sessionDefaults.storeFolder;
  return openStore({
    folder: path.resolve(suiteFolder, shownFolder),
    shownFolder,
    explicitKey: storeKey,
    vaultCredential,
    clock,
    elsewhere: chooseSharedStore({ suite, sessions, suiteFolder, storeUrl, clock, onWarning }),
  });
}
