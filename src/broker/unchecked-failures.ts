import type { DeclaredSession } from '../core/declared-session.js';
import type { UseOutcome } from '../core/session-event.js';

/** Failed tests whose session comes from an earlier run and has no check: it may have ended since. */
export interface UncheckedFailures {
  /** Called with each session that is handed out. */
  handedOut(id: string, outcome: UseOutcome): void;
  /** Called when a test has failed with it. */
  failed(session: DeclaredSession, id: string): void;
}

export function createUncheckedFailures(onWarning: (warning: string) => void): UncheckedFailures {
  const restored = new Set<string>();
  return {
    handedOut(id, outcome) {
      if (outcome === 'restored') restored.add(id);
    },
    failed({ name, type, flow }, id) {
      if (flow?.check || !restored.has(id)) return;
      onWarning(
        `A test failed with "${name}", which was restored. It has no check, so it may be signed out. ` +
          `Write one in its flow, or run: npx playwright-auth-sessions ${type === 'recorder' ? 'record' : 'renew'} ${name}`,
      );
    },
  };
}
