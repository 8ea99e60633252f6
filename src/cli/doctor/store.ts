import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { sessionDefaults } from '../../core/session-defaults.js';
import { entryKey } from '../../core/entry-key.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { SessionStore } from '../../core/ports.js';
import { openSession, sealSession, type StoreKey } from '../../core/sealed-session.js';
import { SecretValue } from '../../core/secret-value.js';
import { createEncryptedFileStore } from '../../store/encrypted-file.js';
import { userStateFolder } from '../../store/key-file.js';
import { chooseSharedStore } from '../../store/redis/choose-shared-store.js';
import type { OpenedRedisStore } from '../../store/redis/open-redis-store.js';
import { loadStoreKey } from '../../store/store-key.js';
import { isThere } from '../terminal/maybe.js';
import { examineRedis } from './examine-redis.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';

/** Whether sessions can be stored and read with this key, and existing ones were sealed with it. */
export const store: Check = {
  id: 'store',
  async examine(facts) {
    const { sessions, environment, secrets, folder, context } = facts;
    if (!isThere(sessions) || !isThere(environment) || !secrets) return [];
    const warnings: string[] = [];
    const elsewhere = chooseSharedStore({
      suite: sessions.is.options,
      sessions: sessions.is.sessions,
      suiteFolder: folder,
      storeUrl: secrets.storeUrl,
      clock: context.clock,
      onWarning: (text) => warnings.push(text),
    });
    let redis: OpenedRedisStore | undefined;
    try {
      const key = await keyOf(facts);
      redis = await elsewhere?.(key);
      const used =
        redis?.store ??
        createEncryptedFileStore({
          folder: path.resolve(folder, sessions.is.options.store?.folder ?? sessionDefaults.storeFolder),
          clock: context.clock,
        });
      await writeAndRead(used, key);
      const { foreign, bound } = await examineEntries(facts, used, key);
      const found = redis ? examineRedis(await redis.health()) : [];
      const open = warnings.map((text) => warning(text, 'See docs/stores.md.'));
      const first =
        foreign.length > 0
          ? foreignFound(foreign)
          : ok(`Store: ${used.description}, key from the ${key.source}`);
      return [first, ...(bound.length > 0 ? [boundFound(bound)] : []), ...found, ...open];
    } catch (error) {
      if (error instanceof AuthSessionsError) return [troubleOf(error)];
      throw error;
    } finally {
      await redis?.close();
    }
  },
};

async function keyOf({ secrets, tokens }: Facts) {
  const { storeKey } = secrets ?? {};
  const [credential] = tokens.values();
  return loadStoreKey({
    explicitKey: storeKey === undefined ? undefined : new SecretValue(storeKey, 'AUTH_SESSIONS_KEY'),
    vaultCredential: credential,
    stateFolder: userStateFolder(),
    randomBytes,
  });
}

/** Writes and reads a test entry. @throws AuthSessionsError `ERR_STORE_UNWRITABLE` */
export async function writeAndRead(files: SessionStore, key: StoreKey): Promise<void> {
  const entry = `doctor-${randomUUID()}`;
  const state = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
  const record = { id: entry, session: 'doctor', createdAtMs: 0, checkedAtMs: 0, state };
  try {
    await files.put(entry, await sealSession(record, { entryKey: entry, key }));
    const opened = await openSession((await files.get(entry)) ?? '', { entryKey: entry, key });
    if (!opened.ok) throw notReadable(files.description, opened.reason);
  } finally {
    await files.remove(entry).catch(() => undefined);
  }
}

function notReadable(description: string, reason: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: `An entry written to the store (${description}) cannot be read back.`,
    known: `A sealed entry came back as: ${reason}.`,
    next: 'Check the disk, or name another folder with store.folder.',
  });
}

interface FoundEntries {
  /** Entries that cannot be used here, and why. */
  readonly foreign: readonly string[];
  /** Sessions whose application asked for a device-bound session. */
  readonly bound: readonly string[];
}

async function examineEntries(facts: Facts, files: SessionStore, key: StoreKey): Promise<FoundEntries> {
  const { sessions, description } = facts;
  const foreign = new Set<string>();
  const bound = new Set<string>();
  if (!isThere(sessions) || !isThere(description)) return { foreign: [], bound: [] };
  const places = [...new Set(description.is.projects.map(({ baseURL }) => baseURL))];
  for (const session of sessions.is.sessions.values())
    for (const place of places) {
      const entry = entryKey(session, session.baseURL ?? place);
      const sealed = session.type === 'runtime' ? undefined : await files.get(entry);
      const opened = sealed === undefined ? undefined : await openSession(sealed, { entryKey: entry, key });
      if (opened && !opened.ok) foreign.add(`${session.name} (${opened.reason})`);
      if (opened?.ok && opened.record.isBindingAsked) bound.add(session.name);
    }
  return { foreign: [...foreign], bound: [...bound] };
}

function boundFound(bound: readonly string[]): Told {
  return warning(
    `The application asks for device-bound sessions (Secure-Session-Registration): ${bound.join(', ')}.`,
    'Turn them off for test accounts if these sessions end within minutes. See docs/flows.md.',
    'Chromium ignores this when it signs in for tests, so that the application keeps to ordinary cookies.',
  );
}

function foreignFound(foreign: readonly string[]): Told {
  return warning(
    `The store has entries that cannot be used here: ${foreign.join(', ')}.`,
    'Ignore this if it is intended: these sessions sign in again. To share a store, set the same AUTH_SESSIONS_KEY everywhere.',
    'They are sealed with another key, or were altered.',
  );
}
