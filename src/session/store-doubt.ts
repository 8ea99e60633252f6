import type { DeclaredSession } from '../core/declared-session.js';
import type { AcquirePorts } from './acquire-ports.js';
import { readStored } from './read-stored.js';
import { sessionLease, withLease } from './with-lease.js';

/**
 * Whether others must know of a doubt. They check what is stored before they use it, but for two kinds: an exclusive
 * session is trusted as its holder left it, and one without a check is trusted until it is too old.
 */
export function concernsOthers({ exclusive, flow, renew, type }: DeclaredSession): boolean {
  return exclusive || (!flow?.check && renew && type !== 'recorder');
}

/** Marks the stored state of this sign-in: it is checked before its next use, on any machine. */
export async function storeDoubt(
  { key, id, session }: { readonly key: string; readonly id: string; readonly session: string },
  { store, clock, signal, seal, open }: AcquirePorts,
): Promise<void> {
  const lease = { ...sessionLease(key, session, { store, clock, signal }), patienceMs };
  await withLease(lease, async (under) => {
    const stored = await readStored(key, { store, open });
    if (stored?.id !== id || stored.doubtedAtMs !== undefined) return;
    await store.put(key, await seal({ ...stored, doubtedAtMs: clock.nowMs() }, key), under);
  });
}

const patienceMs = 30_000;
