import type { BrowserContext } from '@playwright/test';
import type { CheckTools } from '../../core/auth-flow.js';
import { destructuredNames } from '../../flow/destructured-names.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { within } from '../../time/within.js';

/** `undefined` if unknown while the window is open. */
export type LiveAnswer = boolean | undefined;

/**
 * Whether a check can run while a person works: one that takes only `request` shares the window's cookies, and shows
 * nothing. One that takes a page would open it in the window, so it runs at the end.
 */
export function canAskLive({ session }: Pick<SessionEntry, 'session'>): boolean {
  const names = session.flow?.check && destructuredNames(session.flow.check);
  return names !== undefined && !names.includes('page') && !names.includes('context');
}

/** Runs it once. A check that throws or is slow gives no answer yet. */
export async function askLive(
  { session, baseURL }: SessionEntry,
  context: BrowserContext,
  signal: AbortSignal,
): Promise<LiveAnswer> {
  const { check } = session.flow ?? {};
  if (!check) return undefined;
  const tools = { request: context.request, baseURL, signal } as CheckTools;
  const ended = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined)),
  );
  const asked = Promise.resolve().then(() => check(tools));
  return within(patienceMs, Promise.race([asked, ended]));
}

const patienceMs = 5000;
