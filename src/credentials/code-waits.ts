import type { CodeWaiting } from './code-desk.js';

/** How long sessions waited for an unused time step, so that a test can show it. */
export interface CodeWaits {
  readonly onCodeWait: CodeWaiting;
  /** The waits of a session that ended after this time. */
  sinceMs(session: string, askedAtMs: number): number;
}

/** Records each wait, and passes it on. */
export function recordCodeWaits(
  next: CodeWaiting | undefined,
  { nowMs }: { readonly nowMs: () => number },
): CodeWaits {
  const waits: { readonly session: string; readonly endedAtMs: number; readonly tookMs: number }[] = [];
  return {
    async onCodeWait(about, wait) {
      const startedAtMs = nowMs();
      try {
        await (next ? next(about, wait) : wait());
      } finally {
        const endedAtMs = nowMs();
        waits.push({ session: about.session, endedAtMs, tookMs: endedAtMs - startedAtMs });
      }
    },
    sinceMs: (session, askedAtMs) =>
      waits
        .filter((one) => one.session === session && one.endedAtMs > askedAtMs)
        .reduce((sum, { tookMs }) => sum + tookMs, 0),
  };
}
