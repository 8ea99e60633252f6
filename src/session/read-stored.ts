import type { SessionStore } from '../core/ports.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { AcquirePorts } from './acquire-ports.js';

/** The stored record of an entry; `undefined` if there is none that can be used. */
export async function readStored(
  key: string,
  { store, open }: Pick<AcquirePorts, 'open'> & { readonly store: Pick<SessionStore, 'get'> },
): Promise<SessionRecord | undefined> {
  const sealed = await store.get(key);
  const opened = sealed === undefined ? undefined : await open(sealed, key);
  return opened?.ok ? opened.record : undefined;
}
