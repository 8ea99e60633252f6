import { createHmac, randomBytes } from 'node:crypto';
import type { Clock, EventStore, RefusalStore, SessionStore } from '../core/ports.js';
import type { UseStore } from '../core/use-store.js';
import { openSession, sealSession, type OpenResult, type SessionRecord } from '../core/sealed-session.js';
import { SecretValue } from '../core/secret-value.js';
import type { SignCountStore } from '../core/sign-count.js';
import { createEncryptedFileStore } from './encrypted-file.js';
import { createFileRefusals } from './file-refusals.js';
import { createFileSignCounts } from './file-sign-counts.js';
import { createFileUses } from './file-uses.js';
import { userStateFolder } from './key-file.js';
import { loadStoreKey, type LoadedStoreKey } from './store-key.js';

/** The session store, and a function that uses its key. */
export interface OpenedStore {
  readonly store: SessionStore;
  readonly refusals: RefusalStore;
  readonly uses: UseStore;
  readonly signCounts: SignCountStore;
  /** Only of a store that other machines may share. */
  readonly events: EventStore | undefined;
  readonly seal: (record: SessionRecord, entryKey: string) => Promise<string>;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  /** A keyed digest, the same in all runs that share the store. */
  readonly fingerprint: (text: string) => string;
  readonly fingerprintKey: Uint8Array;
  readonly keySource: LoadedStoreKey['source'];
  /** Whether other machines may have the same store. */
  readonly isShared: boolean;
  close(): Promise<void>;
}

/** Where sessions are kept instead of in files. */
export type StoreElsewhere = Pick<
  OpenedStore,
  'store' | 'refusals' | 'uses' | 'signCounts' | 'events' | 'close'
>;

export interface OpenStoreOptions {
  readonly folder: string;
  /** The folder in messages. */
  readonly shownFolder: string;
  /** `AUTH_SESSIONS_KEY`. */
  readonly explicitKey: string | undefined;
  /** The token of a deployed run. */
  readonly vaultCredential: SecretValue | undefined;
  readonly clock: Clock;
  /** Opens another store than the one of files; `undefined`: files after all. */
  readonly elsewhere?: ((key: LoadedStoreKey) => Promise<StoreElsewhere | undefined>) | undefined;
}

/** @throws AuthSessionsError `ERR_STORE_KEY_INVALID`; `ERR_STORE_UNWRITABLE` when no key file can be made */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { folder, shownFolder, explicitKey, vaultCredential, clock } = options;
  const key = await loadStoreKey({
    explicitKey: explicitKey === undefined ? undefined : new SecretValue(explicitKey, 'AUTH_SESSIONS_KEY'),
    vaultCredential,
    stateFolder: userStateFolder(),
    randomBytes,
  });
  const kept = await options.elsewhere?.(key);
  const store = kept?.store ?? createEncryptedFileStore({ folder, shownFolder, clock });
  return {
    store,
    refusals: kept?.refusals ?? createFileRefusals({ folder, clock }),
    events: kept?.events,
    uses: kept?.uses ?? createFileUses({ folder, store, clock }),
    signCounts: kept?.signCounts ?? createFileSignCounts({ folder, store, clock }),
    close: async () => kept?.close(),
    seal: (record, entryKey) => sealSession(record, { entryKey, key }),
    open: (sealed, entryKey) => openSession(sealed, { entryKey, key }),
    fingerprint: (text) => createHmac('sha256', key.bytes).update(text).digest('hex'),
    fingerprintKey: key.bytes,
    keySource: key.source,
    isShared: kept !== undefined,
  };
}
