import type { SessionPlace } from '../core/ports.js';
import { withoutCredentials } from '../core/without-credentials.js';
import { createUseClaims, type UseClaims, type UseMemory } from '../wire/use-claims.js';
import type { ChosenPlaces } from './choose-places.js';
import { giveBack } from './give-back.js';
import type { OpenedByScript } from './open-context.js';
import type { ScriptBroker } from './script-broker.js';
import { readSessionRequest, type SessionRequest } from './session-request.js';

/** The sessions that a script has, until each is given back. */
export interface ScriptHolds {
  /** Signs in if necessary. Waits for an account of a pool, and for a session that others use. */
  take(request: SessionRequest): Promise<OpenedByScript>;
  placeOf(session: string): Promise<SessionPlace>;
  /** Gives the session back if `open` fails: nobody has used it. */
  orGiveBack<Result>(held: OpenedByScript, open: () => Promise<Result>): Promise<Result>;
  /** Called at the end, once. */
  endLater(end: () => Promise<void>): void;
  endAll(): Promise<void>;
}

export function createScriptHolds(broker: ScriptBroker, { only, planOf }: ChosenPlaces): ScriptHolds {
  const memory: UseMemory = { accountTickets: new Map(), claims: new Map() };
  const ends: (() => Promise<void>)[] = [];
  const all: UseClaims[] = [];
  const newClaims = () => {
    const claims: UseClaims = createUseClaims({
      ask: (path, message) => broker.ask(path, message),
      others: () => all.filter((one) => one !== claims).flatMap((one) => one.held()),
      memory,
    });
    all.push(claims);
    return claims;
  };

  async function placeOf(session: string): Promise<SessionPlace> {
    const { baseURL } = await broker.ask('/base-url', { session });
    return baseURL === undefined ? only(session) : { baseURL, project: undefined };
  }

  return {
    async take(request) {
      const { name, parameters } = readSessionRequest(request);
      const place = await placeOf(name);
      const claims = newClaims();
      try {
        const uses = await claims.take(name);
        const session = await broker.ask('/acquire', { session: name, place, parameters, uses });
        if ('skip' in session) throw withoutCredentials(name, session.skip);
        return { session, claims, broker, plan: planOf(place) };
      } catch (error) {
        await claims.end();
        throw error;
      }
    },
    placeOf,
    async orGiveBack(held, open) {
      try {
        return await open();
      } catch (error) {
        await giveBack(held, held.session.state).catch(() => undefined);
        throw error;
      }
    },
    endLater: (end) => void ends.push(end),
    async endAll() {
      for (const end of ends.splice(0).reverse()) await end().catch(() => undefined);
      await newClaims().end({ accounts: true });
    },
  };
}
