import { firstLine } from '../core/first-line.js';
import type { SessionNotice } from '../core/session-notice.js';
import type { SuiteOptions } from '../core/suite-options.js';
import { within } from '../time/within.js';

/** Passes notices on to the sessions file's `onEvent`. Nothing waits for it, and nothing fails by it. */
export interface Notices {
  send(notice: SessionNotice | undefined): void;
  /** Resolves when all calls have ended, or after two seconds. Reports what failed or is late. */
  settled(): Promise<void>;
}

export interface NoticesOptions {
  readonly onEvent: SuiteOptions['onEvent'];
  readonly redact: (text: string) => string;
  /** Called with what the run's end says. */
  readonly onWarning: (text: string) => void;
  readonly patienceMs?: number;
}

export function createNotices({ onEvent, redact, onWarning, patienceMs = 2000 }: NoticesOptions): Notices {
  const pending = new Set<Promise<void>>();
  return {
    send(notice) {
      if (!onEvent || !notice) return;
      const call: Promise<void> = nextTurn()
        .then(async () => void (await onEvent(Object.freeze({ ...notice }))))
        .catch((error: unknown) => onWarning(`onEvent failed: ${redact(firstLine(error))}`))
        .finally(() => pending.delete(call));
      pending.add(call);
    },
    async settled() {
      if (pending.size === 0) return;
      await within(patienceMs, Promise.all(pending));
      if (pending.size > 0)
        onWarning(`onEvent did not end within ${patienceMs / 1000} s (${pending.size} not ended)`);
    },
  };
}

/** The session is handed out first: a long function must not delay it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
