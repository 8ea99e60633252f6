import { hostname } from 'node:os';
import type { DeclaredSession } from '../core/declared-session.js';
import type { Clock } from '../core/ports.js';
import type { UseStore } from '../core/use-store.js';
import { isProcessAlive } from '../files/process-identity.js';
import { createUseDesk, type UseDesk } from '../session/use-desk.js';
import type { WaitAbout } from '../session/use-waits.js';
import { createAccountUses, type AccountUses } from './account-uses.js';
import type { BrokerServiceOptions } from './broker-options.js';

export interface OpenUsesOptions extends Pick<
  BrokerServiceOptions,
  'held' | 'onUseWait' | 'onHeld' | 'onNotHeld'
> {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly uses: UseStore;
  readonly onWait: (about: WaitAbout) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Who uses an account or a session with limited uses. Takes up at once what workers have from an earlier broker. */
export function openUses({ sessions, uses, clock, signal, ...options }: OpenUsesOptions): {
  readonly desk: UseDesk;
  readonly ofAccounts: AccountUses;
} {
  const desk = createUseDesk({
    uses,
    clock,
    isAlive: isProcessAlive,
    signal,
    onWait(line, about) {
      options.onUseWait?.(line);
      options.onWait(about);
    },
    onKept: options.onHeld,
    onGone: options.onNotHeld,
  });
  // One that passed on is reported to the worker that asks with it.
  for (const ask of options.held ?? []) desk.claim(ask).catch(() => undefined);
  return { desk, ofAccounts: createAccountUses({ sessions, useDesk: desk, machine: hostname() }) };
}
