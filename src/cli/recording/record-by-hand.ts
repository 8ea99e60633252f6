import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { StorageState } from '../../core/storage-state.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { openPage } from '../suite/page-address.js';
import type { CommandContext } from '../terminal/command-context.js';
import { askLive, canAskLive, type LiveAnswer } from './ask-live.js';
import { untilDone, withListener, type DoneBy, type Listener } from './until-done.js';
import { createStateWatch, type StateWatch } from './watch-state.js';
import { whileOpening } from './while-opening.js';
import { withWindow } from './with-window.js';

export interface ByHandOptions {
  readonly plan: BrowserPlan;
  readonly address: string;
  readonly userDataDir: string | undefined;
}

export interface RecordedByHand {
  readonly state: StorageState;
  readonly doneBy: DoneBy;
}

/** Shows a window, and whether it is signed in, until the person is done. Returns the final state. */
export async function recordByHand(
  entry: SessionEntry,
  { plan, address, userDataDir }: ByHandOptions,
  context: CommandContext,
): Promise<RecordedByHand> {
  const { session, place } = entry;
  const { signal } = context;
  const work = async (browserContext: BrowserContext, listener: Listener, opened: () => void) => {
    const watch = createStateWatch(browserContext);
    const over = new AbortController();
    const page = browserContext.pages()[0] ?? (await browserContext.newPage());
    opened();
    const done = untilDone(browserContext, listener, signal);
    context.note(introduction(entry));
    void openPage(page, address, context);
    const watching = keepLooking({ entry, browserContext, watch, ended: over.signal }, context);
    const doneBy = await done;
    over.abort();
    if (doneBy === 'stopped') return { state: nothing, doneBy };
    await watching;
    return { state: await context.progress.during('reading the window', () => watch.capture()), doneBy };
  };
  return withListener(process.stdin, (listener) =>
    whileOpening(context.progress, (opened) =>
      withWindow({ session, place, signal }, { plan, userDataDir }, (browserContext) =>
        work(browserContext, listener, opened),
      ),
    ),
  );
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

function introduction(entry: SessionEntry): string {
  const { name, flow } = entry.session;
  const how = `Sign in as "${name}" in the window. Then press Enter here, or close the window. Ctrl-C discards it.`;
  if (!flow?.check)
    return `${how}\n  It has no flow with a check, so make sure yourself that it is signed in.`;
  return canAskLive(entry) ? how : `${how}\n  Its flow's check needs a page, so it runs at the end.`;
}

const nothing: StorageState = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
const lookMs = 700;
const askAgainMs = 5000;
