import { setTimeout as delay } from 'node:timers/promises';
import { askBroker } from '../../src/wire/ask-broker.js';
import type { SessionHandle, UsableSession } from '../../src/wire/messages.js';

/** Requests a session as a worker does. */
export async function acquire(
  handleFile: string,
  session: string,
  hasRunner = () => true,
): Promise<SessionHandle & UsableSession> {
  const place = { baseURL: undefined, project: undefined };
  const acquired = await askBroker('/acquire', { session, place }, { handleFile, hasRunner });
  if ('skip' in acquired) throw new Error(acquired.skip);
  return acquired;
}

export interface Load {
  readonly latenciesMs: readonly number[];
  readonly perSecond: number;
}

export interface LoadOptions {
  readonly askers: number;
  readonly forMs: number;
  /** Each asker asks at least so often. [1] */
  readonly atLeast?: number;
  /** How long an asker pauses after an answer, give or take half of it. [none: it asks again at once] */
  readonly pauseMs?: number;
  readonly random?: () => number;
}

/** Askers at the same time, each of which waits for its answer before it asks again. */
export async function putLoadOn(ask: () => Promise<unknown>, options: LoadOptions): Promise<Load> {
  const { askers, forMs, atLeast = 1, pauseMs = 0, random = Math.random } = options;
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const askAgain = async () => {
    if (pauseMs > 0) await delay(random() * pauseMs);
    for (let asked = 0; asked < atLeast || performance.now() - startMs < forMs; asked += 1) {
      const askedMs = performance.now();
      await ask();
      latenciesMs.push(performance.now() - askedMs);
      if (pauseMs > 0) await delay(pauseMs * (0.5 + random()));
    }
  };
  await Promise.all(Array.from({ length: askers }, askAgain));
  return { latenciesMs, perSecond: latenciesMs.length / ((performance.now() - startMs) / 1000) };
}
