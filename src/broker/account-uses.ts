import { randomUUID } from 'node:crypto';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { HeldAsk, UseAsk } from '../session/use-ask.js';
import type { UseDesk } from '../session/use-desk.js';
import type { EndedUse, HeldUse, UseAnswer, UseMessage, UseScope } from '../wire/messages.js';
import { refused } from '../wire/parse-request.js';
import type { BrokerCaller } from './broker-caller.js';
import { accountsOf, findSession } from './find-session.js';

/**
 * Which account of a pool a worker has, and whether a test holds a session with limited uses. Each request carries the
 * uses of its test: what an earlier broker granted is taken up again, or the request fails with `ERR_LEASE_LOST`.
 */
export interface AccountUses {
  take(message: UseMessage, worker: number | undefined): Promise<UseAnswer>;
  end(uses: readonly EndedUse[]): Promise<void>;
  /** The session of this name; for a pool, of the account that one of the uses is of. */
  sessionOf(
    name: string,
    uses: readonly HeldUse[],
    caller: BrokerCaller | undefined,
  ): Promise<DeclaredSession>;
  /** The use of a session with limited uses. A command takes one itself, until it ends. */
  requireUse(
    session: DeclaredSession,
    uses: readonly HeldUse[],
    caller: BrokerCaller | undefined,
  ): Promise<HeldUse | undefined>;
  /** For a command: holds a session with limited uses while `work` runs. */
  whileUsing<Result>(session: DeclaredSession, work: () => Promise<Result>): Promise<Result>;
  isHeld(use: HeldUse | undefined, caller: BrokerCaller | undefined): () => Promise<boolean>;
}

interface AccountUsesOptions {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly useDesk: UseDesk;
  /** The name of this machine, for those who wait for its workers. */
  readonly machine: string;
}

export function createAccountUses({ sessions, useDesk, machine }: AccountUsesOptions): AccountUses {
  // A command that uses a session twice, for example at two base URLs, must not wait for itself.
  const ownUses = new Map<string, { readonly ticket: string; users: number }>();

  const askFor = (use: Omit<UseMessage, 'uses'>, worker: number | undefined): UseAsk => {
    const { scope, session: name, asker, lane } = use;
    const accounts = accountsOf(sessions, name);
    const session = scope === 'worker' ? accounts[0] : sessions.get(name);
    const slots = scope === 'worker' ? accounts.length : session?.maxConcurrentUses;
    if (!session || slots === undefined) throw refused('/use', `"${name}" needs no use of a ${scope}.`);
    return {
      resource: resourceOf(use),
      what: scope === 'worker' ? `an account of "${name}"` : `session "${name}"`,
      lane: scope === 'worker' ? String(lane) : undefined,
      ...{ session: name, slots, ticket: use.ticket, slot: use.slot, worker, together: [] },
      holder: { machine, process: worker ?? process.pid, project: asker?.project, worker: asker?.worker },
      maxWaitMs: session.maxWaitSeconds * 1000,
    };
  };
  const askAgain = (use: HeldUse, worker: number | undefined): HeldAsk => ({
    ...askFor(use, worker),
    slot: use.slot,
  });
  const keepOn = async (use: HeldUse, worker: number | undefined): Promise<number> => {
    const step = await useDesk.claim(askAgain(use, worker));
    return 'slot' in step ? step.slot : 0;
  };

  const sessionOf: AccountUses['sessionOf'] = async (name, uses, caller) => {
    const accounts = accountsOf(sessions, name);
    if (accounts.length === 0) {
      const session = findSession(sessions, name);
      if (session.account && caller) throw accountByName(session.account.pool, name);
      return session;
    }
    if (!caller) throw poolByName(name, accounts.length);
    const use = uses.find(({ scope, session }) => scope === 'worker' && session === name);
    const account = use && accounts[(await keepOn(use, caller.worker)) - 1];
    if (!account) throw refused('/acquire', `This worker has no account of "${name}".`);
    return account;
  };

  async function takeOwn(session: DeclaredSession): Promise<HeldUse> {
    const { name } = session;
    const own = ownUses.get(name) ?? { ticket: randomUUID(), users: 0 };
    ownUses.set(name, own);
    own.users += 1;
    const use = { session: name, scope: 'test', ticket: own.ticket, lane: 0 } as const;
    const ask = askFor(use, undefined);
    try {
      for (;;) {
        const step = await useDesk.claim(ask);
        if ('slot' in step) return { ...use, slot: step.slot };
      }
    } catch (error) {
      await endOwn(use).catch(() => undefined);
      throw error;
    }
  }

  async function endOwn({ session, ticket }: EndedUse): Promise<void> {
    const own = ownUses.get(session);
    if (own && (own.users -= 1) > 0) return;
    ownUses.delete(session);
    await useDesk.release(ticket);
  }

  return {
    async take({ uses, ...use }, worker) {
      for (const one of uses) await keepOn(one, worker);
      const { scope, session: name } = use;
      const session = scope === 'worker' ? name : (await sessionOf(name, uses, { worker })).name;
      const asked = { ...use, session };
      const together = uses.map(({ ticket }) => ticket);
      const step = await useDesk.claim({ ...askFor(asked, worker), together });
      return 'slot' in step ? { held: { ...asked, slot: step.slot } } : step;
    },
    async end(uses) {
      const isDeclared = ({ scope, session }: EndedUse) =>
        scope === 'worker' ? accountsOf(sessions, session).length > 0 : sessions.has(session);
      await Promise.all(
        uses.map(async (use) => useDesk.release(use.ticket, isDeclared(use) ? resourceOf(use) : undefined)),
      );
    },
    sessionOf,
    async requireUse(session, uses, caller) {
      const { name, maxConcurrentUses } = session;
      if (maxConcurrentUses === undefined) return undefined;
      if (!caller) return takeOwn(session);
      const use = uses.find((one) => one.scope === 'test' && one.session === name);
      if (!use) throw refused('/acquire', `This test has no use of "${name}".`);
      await keepOn(use, caller.worker);
      return use;
    },
    async whileUsing(session, work) {
      if (session.maxConcurrentUses === undefined) return work();
      const use = await takeOwn(session);
      try {
        return await work();
      } finally {
        await endOwn(use);
      }
    },
    isHeld: (use, caller) => async () => use !== undefined && useDesk.isHeld(askAgain(use, caller?.worker)),
  };
}

/** What a worker claims before it asks for the session. */
export function claimsOf({ account, maxConcurrentUses }: DeclaredSession): UseScope[] {
  return [...(account ? (['worker'] as const) : []), ...(maxConcurrentUses ? (['test'] as const) : [])];
}

function resourceOf({ scope, session }: Pick<HeldUse, 'scope' | 'session'>): string {
  return `${scope === 'worker' ? 'pool' : 'session'}:${session}`;
}

function accountByName(pool: string, name: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SESSION_UNKNOWN',
    {
      failed: `A test cannot choose the account "${name}".`,
      known: `A worker gets an account of the pool "${pool}" that nobody else has.`,
      next: `Write: authSession: "${pool}".`,
    },
    { session: name },
  );
}

function poolByName(pool: string, of: number): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SESSION_UNKNOWN',
    {
      failed: `"${pool}" is a pool of ${of} accounts.`,
      known: 'A command uses one account.',
      next: `Choose one, as "${pool}[1]".`,
    },
    { session: pool },
  );
}
