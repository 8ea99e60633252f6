import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { StorageState } from '../../core/storage-state.js';
import { stayingReasons } from '../../flow/staying-reasons.js';
import { watchBinding } from '../../flow/watch-binding.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { openPage } from '../suite/page-address.js';
import type { CommandContext } from '../terminal/command-context.js';
import { askLive, canAskLive, type LiveAnswer } from './ask-live.js';
import { untilDone, withListener, type DoneBy, type Listener } from './until-done.js';
import { untilShown, type Until } from './until-shown.js';
import { createStateWatch, type StateWatch } from './watch-state.js';
import { whileOpening } from './while-opening.js';
import { withWindow } from './with-window.js';

export interface ByHandOptions {
  readonly plan: BrowserPlan;
  readonly address: string;
  readonly userDataDir: string | undefined;
  /** Ends the recording without Enter. */
  readonly until?: Until;
}

export interface RecordedByHand {
  readonly state: StorageState;
  readonly doneBy: DoneBy;
  /** What another context does not get from the state, and what to do about it. */
  readonly staysBehind: readonly string[];
}

/** Shows a window, and whether it is signed in, until the person is done. Returns the final state. */
export async function recordByHand(
  entry: SessionEntry,
  { plan, address, userDataDir, until = {} }: ByHandOptions,
  context: CommandContext,
): Promise<RecordedByHand> {
  const { session, place } = entry;
  const { signal } = context;
  const work = async (browserContext: BrowserContext, listener: Listener, opened: () => void) => {
    const watch = createStateWatch(browserContext);
    const binding = watchBinding(browserContext);
    const over = new AbortController();
    const page = browserContext.pages()[0] ?? (await browserContext.newPage());
    opened();
    const done = Promise.race([
      untilDone(browserContext, listener, signal),
      untilShown(browserContext, until),
    ]);
    context.note(introduction(entry, until));
    void openPage(page, address, context);
    const watching = keepLooking({ entry, browserContext, watch, ended: over.signal }, context);
    const doneBy = await done;
    over.abort();
    if (doneBy === 'stopped') return { state: nothing, doneBy, staysBehind: [] };
    await watching;
    return context.progress.during('reading the window', async () => {
      const keys = await binding.findKeys();
      const state = await watch.capture();
      return { state, doneBy, staysBehind: staysBehind(keys, binding.isDeviceBound(), plan) };
    });
  };
  return withListener(process.stdin, (listener) =>
    whileOpening(context.progress, (opened) =>
      withWindow({ session, place, signal }, { plan, userDataDir }, (browserContext) =>
        work(browserContext, listener, opened),
      ),
    ),
  );
}

/** The check, which decides, may pass without it. */
function staysBehind(keys: readonly string[], isDeviceBound: boolean, plan: BrowserPlan): string[] {
  const facts = { keys, isDeviceBound, plan, byRequest: false, contextOptions: {} };
  return stayingReasons(facts).map(({ known, next }) => `${known} ${next}`);
}

interface Watching {
  readonly entry: SessionEntry;
  readonly browserContext: BrowserContext;
  readonly watch: StateWatch;
  readonly ended: AbortSignal;
}

/** Looks often, because a window may be closed at any time. Runs the check only after a change, or occasionally. */
async function keepLooking(
  { entry, browserContext, watch, ended }: Watching,
  context: CommandContext,
): Promise<void> {
  const isAsked = canAskLive(entry);
  let told: LiveAnswer;
  let lastSeen = '';
  let askedAtMs = -Infinity;
  while (!ended.aborted) {
    const { cookies } = (await watch.look()).playwright;
    const seen = JSON.stringify([
      browserContext.pages().map((page) => page.url()),
      cookies.map(({ name, value }) => [name, value]),
    ]);
    const isDue = seen !== lastSeen || context.clock.nowMs() - askedAtMs > askAgainMs;
    if (isAsked && isDue && !isOver(ended)) {
      const answer = await askLive(entry, browserContext, ended);
      askedAtMs = context.clock.nowMs();
      if (answer !== undefined && answer !== told && !isOver(ended)) tell(answer, context);
      told = answer ?? told;
    }
    lastSeen = seen;
    await pause(lookMs, undefined, { signal: ended }).catch(() => undefined);
  }
}

function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

function tell(isSignedIn: boolean, { note, noteStyle: style }: CommandContext): void {
  note(
    isSignedIn
      ? `${style.good('✓')} Signed in, according to the flow's check. Press Enter to store the session, or close the window.`
      : `- Not signed in yet, according to the flow's check.`,
  );
}

function introduction(entry: SessionEntry, { url, text }: Until): string {
  const { name, flow } = entry.session;
  const ends = [url && `at ${url}`, text && `when the page shows "${text}"`].filter(Boolean).join(', or ');
  const endsBy =
    ends === ''
      ? 'Then press Enter here, or close the window.'
      : `It is stored ${ends}, when you press Enter here, or close the window.`;
  const how = `Sign in as "${name}" in the window. ${endsBy} Ctrl-C discards it.`;
  if (!flow?.check)
    return `${how}\n  It has no flow with a check, so make sure yourself that it is signed in.`;
  return canAskLive(entry) ? how : `${how}\n  Its flow's check needs a page, so it runs at the end.`;
}

const nothing: StorageState = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
const lookMs = 700;
const askAgainMs = 5000;
