import type { CodeWaiting } from './hand-out-code.js';

/** Reports each wait for a code that is long enough to notice, in one line when it begins. */
export function createWaitTeller(write: (line: string) => void): CodeWaiting {
  return (about, wait) => {
    if (about.waitMs >= worthTellingMs) write(`auth-sessions: ${formatCodeWait(about)}`);
    return wait();
  };
}

/** `session "admin" waits for a fresh one-time code, 27 s` */
export function formatCodeWait({ session, waitMs }: Parameters<CodeWaiting>[0]): string {
  return `session "${session}" waits for a fresh one-time code, ${Math.ceil(waitMs / 1000)} s`;
}

const worthTellingMs = 3000;
