import type { DeclaredSession } from '../../core/declared-session.js';
import { timeStepAt } from '../../core/totp.js';
import type { CommandContext } from '../terminal/command-context.js';
import type { Engine } from '../engine/open-engine.js';

/** The codes of a session during a sign-in: the person types one of them. */
export interface SeenCodes {
  has(text: string): boolean;
  /** Stops reading. */
  end(): Promise<void>;
}

/** Reads the code of each time step, without claiming it. Reports once if the vault is not available. */
export function watchCodes(session: DeclaredSession, engine: Engine, context: CommandContext): SeenCodes {
  const seen = new Set<string>();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, context.signal]);

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      const answer = await engine.desk.readCode(session);
      if (!answer) return;
      seen.add(answer.code.reveal());
      const periodSeconds = session.totp.periodSeconds ?? answer.periodSeconds ?? usualPeriodSeconds;
      const { remainingMs } = timeStepAt(context.clock.nowMs(), periodSeconds);
      await context.clock.sleep(remainingMs + afterStepMs, signal).catch(() => undefined);
    }
  }

  const watching = watch().catch((error: unknown) => {
    if (signal.aborted) return;
    const known = error instanceof Error ? error.message : 'the reason is unknown';
    context.note(
      `The session's codes cannot be read, so a typed code is recognized only by its field: ${known}`,
    );
  });
  return {
    has: (text) => seen.has(text),
    async end() {
      over.abort();
      await watching;
    },
  };
}

const usualPeriodSeconds = 30;
const afterStepMs = 50;
