import type { SessionPools } from '../session/session-pools.js';
import { signOutWarning } from '../session/sign-out.js';
import { within } from '../time/within.js';

/** Signs out of isolated and runtime sessions. Takes 10 seconds at most, and warns of what was not signed out. */
export async function endUnstored(pools: SessionPools, warn: (warning: string) => void): Promise<void> {
  const errors = await within(patienceMs, pools.endUnstored());
  for (const error of errors ?? []) {
    const warning = signOutWarning(error);
    if (warning !== undefined) warn(warning);
  }
  if (!errors) warn(`Not all sessions were signed out within ${patienceMs / 1000} s.`);
}

const patienceMs = 10_000;
