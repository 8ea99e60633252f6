import { randomUUID } from 'node:crypto';
import type { SessionAsker } from '../core/session-event.js';
import type { BrokerRequests, EndedUse, HeldUse, UseScope } from './messages.js';

/** What has to be held before sessions can be asked for: accounts of pools, and uses of limited sessions. */
export interface UseClaims {
  /** Waits for what this session needs. The broker decides how long. Repeated, it returns the same uses. */
  take(session: string): Promise<readonly HeldUse[]>;
  /** What is held now. */
  held(): readonly HeldUse[];
  /** Gives uses back, and places in queues. Accounts of pools only with `accounts`. */
  end(options?: { readonly accounts?: boolean }): Promise<void>;
}

export interface UseClaimsOptions {
  readonly ask: <Path extends '/base-url' | '/use' | '/end-use'>(
    path: Path,
    message: BrokerRequests[Path]['request'],
  ) => Promise<BrokerRequests[Path]['answer']>;
  readonly asker?: SessionAsker | undefined;
  /** Playwright's `parallelIndex`: a retry has its worker's. [0] */
  readonly lane?: number;
  /** What this process holds by other claims: kept while it waits. [nothing] */
  readonly others?: () => readonly HeldUse[];
  /** Wraps each wait for what is not held yet, short or long. */
  readonly onWait?: UseWaiting | undefined;
  /** What this process remembers from one claim to the next. */
  readonly memory: UseMemory;
}

/** Shows that a session's use is waited for, as long as `wait` lasts. `worker`: an account of a pool. */
export type UseWaiting = <Result>(
  about: { readonly session: string; readonly scope: UseScope },
  wait: () => Promise<Result>,
) => Promise<Result>;

export interface UseMemory {
  /** The ticket of this process's account, by pool. */
  readonly accountTickets: Map<string, string>;
  /** What has to be claimed before a session is asked for. */
  readonly claims: Map<string, readonly UseScope[]>;
}

export function createUseClaims(options: UseClaimsOptions): UseClaims {
  const { ask, asker, lane = 0, others = () => [], onWait = waitUnseen, memory } = options;
  const held: Readonly<Record<UseScope, Map<string, HeldUse>>> = { worker: new Map(), test: new Map() };
  /** Asked for, and not granted yet. */
  const asked = new Map<string, string>();

  function ticketOf(scope: UseScope, session: string): string {
    const tickets = scope === 'worker' ? memory.accountTickets : asked;
    const ticket = held[scope].get(session)?.ticket ?? tickets.get(session) ?? randomUUID();
    tickets.set(session, ticket);
    return ticket;
  }

  async function takeOne(scope: UseScope, session: string): Promise<HeldUse | undefined> {
    // The account of a worker stays with it from one test to the next.
    const isKnown = held[scope].has(session) || (scope === 'worker' && memory.accountTickets.has(session));
    const message = {
      ...{ session, scope, ticket: ticketOf(scope, session), slot: held[scope].get(session)?.slot },
      uses: [...own(), ...others()],
      ...{ asker, lane },
    };
    const wait = async () => {
      let answer = await ask('/use', message);
      while ('waiting' in answer) answer = await ask('/use', message);
      return answer;
    };
    const answer = await (isKnown ? wait() : onWait({ session, scope }, wait));
    if ('skip' in answer) return undefined;
    held[scope].set(session, answer.held);
    asked.delete(session);
    return answer.held;
  }

  function own(): readonly HeldUse[] {
    return [...held.worker.values(), ...held.test.values()];
  }

  async function claimsOf(session: string): Promise<readonly UseScope[]> {
    const known = memory.claims.get(session);
    if (known) return known;
    const { claims } = await ask('/base-url', { session });
    memory.claims.set(session, claims);
    return claims;
  }

  return {
    async take(session) {
      const taken: HeldUse[] = [];
      for (const scope of await claimsOf(session)) {
        const use = await takeOne(scope, session);
        if (!use) return [];
        taken.push(use);
      }
      return taken;
    },
    held: own,
    async end({ accounts = false } = {}) {
      const uses: EndedUse[] = [
        ...[...held.test].map(([session, { ticket }]) => ({ session, ticket, scope: 'test' as const })),
        ...[...asked].map(([session, ticket]) => ({ session, ticket, scope: 'test' as const })),
      ];
      if (accounts) {
        for (const [session, ticket] of memory.accountTickets)
          uses.push({ session, ticket, scope: 'worker' });
        memory.accountTickets.clear();
      }
      for (const one of Object.values(held)) one.clear();
      asked.clear();
      // If the broker is not reachable, they end with this process.
      if (uses.length > 0) await ask('/end-use', { uses }).catch(() => undefined);
    },
  };
}

const waitUnseen: UseWaiting = (_, wait) => wait();
