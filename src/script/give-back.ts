import type { StorageState } from '../core/storage-state.js';
import type { SessionHandle, UsableSession } from '../wire/messages.js';
import type { UseClaims } from '../wire/use-claims.js';
import type { ScriptBroker } from './script-broker.js';

/** A session that a script has, and what it holds for it. */
export interface HeldByScript {
  readonly session: SessionHandle & UsableSession;
  readonly claims: UseClaims;
  readonly broker: Pick<ScriptBroker, 'ask'>;
}

/**
 * Ends a script's use of a session. `state` is what it left: stored if the session is written back after each use.
 * Without it, what became of the session is not known, so such a session is signed in again.
 */
export async function giveBack(held: HeldByScript, state: StorageState | undefined): Promise<void> {
  const { session, claims } = held;
  try {
    if (session.writeBack !== 'test') return;
    const isKept = state !== undefined && (await writeBack(held, state));
    if (!isKept) await suspect(held, 'lost');
  } finally {
    await claims.end();
  }
}

/** Reports that the session's cookies are gone. */
export async function reportSignedOut(held: HeldByScript): Promise<void> {
  await suspect(held, 'cookie-gone');
}

async function writeBack(
  { session: { key, id, hold, use }, broker }: HeldByScript,
  state: StorageState,
): Promise<boolean> {
  const { isKept } = await broker.ask('/write-back', { key, id, hold, use, state });
  return isKept;
}

async function suspect(
  { session: { key, id, hold }, broker }: HeldByScript,
  why: 'lost' | 'cookie-gone',
): Promise<void> {
  await broker.ask('/suspect', { key, id, hold, why }).catch(() => undefined);
}
