import { randomUUID } from 'node:crypto';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { UseAsk, UseDesk } from '../session/use-desk.js';
import type { UseAnswer, UseMessage, UseScope } from '../wire/messages.js';
import { refused } from '../wire/parse-request.js';
import type { BrokerCaller } from './broker-caller.js';
import { accountsOf, findSession } from './find-session.js';

/** Which account of a pool a worker has, and whether a test holds a session with limited uses. */
export interface AccountUses {
  take(message: UseMessage, worker: number | undefined): Promise<UseAnswer>;
  release(ticket: string): Promise<void>;
  /** The session of this name; for a pool, of the account that one of the tickets holds. */
  sessionOf(name: string, tickets: readonly string[], caller: BrokerCaller | undefined): DeclaredSession;
  /** The ticket of a session with limited uses. A command takes one itself, until it ends. */
  requireUse(
    session: DeclaredSession,
    tickets: readonly string[],
    caller: BrokerCaller | undefined,
  ): Promise<string | undefined>;
  isHeld(session: string, ticket: string): () => Promise<boolean>;
}

interface AccountUsesOptions {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly useDesk: UseDesk;
  /** The name of this machine, for those who wait for its workers. */
  readonly machine: string;
}

export function createAccountUses({ sessions, useDesk, machine }: AccountUsesOptions): AccountUses {
  const ticketFor = (resource: string, tickets: readonly string[]) =>
    tickets.find((ticket) => useDesk.held(ticket)?.resource === resource);

  // A command that uses a session twice, for example at two base URLs, must not wait for itself.
  const ownUses = new Map<string, { readonly ticket: string; users: number }>();

  const sessionOf: AccountUses['sessionOf'] = (name, tickets, caller) => {
    const accounts = accountsOf(sessions, name);
    if (accounts.length === 0) {
      const session = findSession(sessions, name);
      if (session.account && caller) throw accountByName(session.account.pool, name);
      return session;
    }
    if (!caller) throw poolByName(name, accounts.length);
    const ticket = ticketFor(poolResource(name), tickets);
    const account = ticket === undefined ? undefined : accounts[(useDesk.held(ticket)?.slot ?? 0) - 1];
    if (!account) throw refused('/acquire', `This worker has no account of "${name}".`);
    return account;
  };

  const askOf = (message: UseMessage, worker: number | undefined): UseAsk => {
    const { scope, session: name, ticket, uses, asker, lane } = message;
    const caller = { worker };
    const accounts = accountsOf(sessions, name);
    const session = scope === 'worker' ? accounts[0] : sessionOf(name, uses, caller);
    const slots = scope === 'worker' ? accounts.length : session?.maxConcurrentUses;
    if (!session || slots === undefined) throw refused('/use', `"${name}" needs no use of a ${scope}.`);
    return {
      ...(scope === 'worker'
        ? { resource: poolResource(name), what: `an account of "${name}"`, lane: String(lane) }
        : { resource: sessionResource(session.name), what: `session "${session.name}"`, lane: undefined }),
      session: name,
      slots,
      ticket,
      holder: { machine, process: worker ?? process.pid, project: asker?.project, worker: asker?.worker },
      worker,
      maxWaitMs: session.maxWaitSeconds * 1000,
      together: uses,
    };
  };

  return {
    async take(message, worker) {
      return useDesk.claim(askOf(message, worker));
    },
    async release(ticket) {
      const [resource, own] = [...ownUses].find(([, one]) => one.ticket === ticket) ?? [];
      if (own && (own.users -= 1) > 0) return;
      if (resource !== undefined) ownUses.delete(resource);
      await useDesk.release(ticket);
    },
    sessionOf,
    async requireUse(session, tickets, caller) {
      const { name, maxConcurrentUses: slots } = session;
      if (slots === undefined) return undefined;
      const resource = sessionResource(name);
      const ticket = ticketFor(resource, tickets);
      if (ticket !== undefined) return ticket;
      if (caller) throw refused('/acquire', `This test has no use of "${name}".`);
      const own = ownUses.get(resource) ?? { ticket: randomUUID(), users: 0 };
      ownUses.set(resource, own);
      own.users += 1;
      const holder = { machine, process: process.pid };
      const ask: UseAsk = {
        ...{ resource, what: `session "${name}"`, session: name, slots, ticket: own.ticket, holder },
        ...{ worker: undefined, lane: undefined, maxWaitMs: session.maxWaitSeconds * 1000, together: [] },
      };
      while (!('slot' in (await useDesk.claim(ask))));
      return own.ticket;
    },
    isHeld: (session, ticket) => async () => useDesk.isHeld(sessionResource(session), ticket),
  };
}

/** What a worker claims before it asks for the session. */
export function claimsOf({ account, maxConcurrentUses }: DeclaredSession): UseScope[] {
  return [...(account ? (['worker'] as const) : []), ...(maxConcurrentUses ? (['test'] as const) : [])];
}

function poolResource(name: string): string {
  return `pool:${name}`;
}

function sessionResource(name: string): string {
  return `session:${name}`;
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
