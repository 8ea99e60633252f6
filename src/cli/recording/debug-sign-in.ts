import type { BrowserContext, Page } from '@playwright/test';
import { asksByRequest } from '../../flow/destructured-names.js';
import type { SignInDebug } from '../../flow/flow-options.js';
import type { SessionEntry } from '../../session/session-entry.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';
import { showInspector } from './playwright-recorder.js';
import { untilDone, withListener, type Listener } from './until-done.js';

/** What a person asks to debug. */
export interface DebugRequest {
  readonly isOn: boolean;
  readonly names: readonly string[];
}

/**
 * Runs `work` with somebody who steps through the sign-in of one session in Playwright's inspector. Says so if nobody
 * signed in.
 *
 * @throws AuthSessionsError `ERR_USAGE`
 */
export async function whileDebugging(
  { isOn, names }: DebugRequest,
  context: CommandContext,
  work: (debug: SignInDebug | undefined) => Promise<CommandResult>,
): Promise<CommandResult> {
  if (!isOn) return work(undefined);
  const [name] = names;
  if (name === undefined || names.length > 1) throw oneSessionOnly();
  return withListener(process.stdin, async (listener) => {
    const { debug, hasBegun } = debugSignIn(listener, context);
    const result = await work(debug);
    const hasFailed = (result.errors ?? []).length > 0;
    if (!hasBegun() && !hasFailed)
      context.note(`There was no sign-in to step through. To sign in again: renew ${name} --debug`);
    return result;
  });
}

/** Requires one sign-in in a browser. @throws AuthSessionsError `ERR_USAGE` */
export function requireSteps(entries: readonly SessionEntry[]): void {
  const [only, ...others] = entries;
  if (others.length > 0) throw oneSessionOnly();
  const create = only?.session.flow?.create;
  if (!only || !create || !asksByRequest(create)) return;
  throw usageError(
    `The flow of session "${only.session.name}" signs in by requests.`,
    'Omit --debug: the error of a failed sign-in lists its requests.',
    'Playwright\'s inspector steps through pages. The flow takes neither "page" nor "context".',
  );
}

function debugSignIn(
  listener: Listener,
  { note, progress }: Pick<CommandContext, 'note' | 'progress'>,
): { readonly debug: SignInDebug; readonly hasBegun: () => boolean } {
  let begun = false;
  const debug: SignInDebug = {
    async begin(context, session) {
      begun = true;
      await showInspector(context);
      await context.debugger.requestPause();
      note(
        `${session}: paused before the flow's first step. In Playwright's inspector, F10 steps and F8 resumes.\n` +
          "  The browser and the inspector's log show what is typed, secrets too. Do not share your screen.",
      );
    },
    async goOn(page) {
      if (page.isClosed()) return;
      // Playwright forgets a step that was asked for only when it pauses.
      if (!isPaused(page.context())) await pauseIn(page);
      await resume(page.context());
    },
    async hold(page, { error, signal }) {
      if (page.isClosed() || signal.aborted) return;
      const line = error.flowLine === undefined ? '' : ` (${error.flowLine})`;
      note(
        `${error.explanation.failed}${line}\n` +
          '  The browser stays as the failed step left it. To finish, press Enter here, resume, or close the browser.',
      );
      process.stdin.resume();
      await progress.pause(() =>
        Promise.race([untilDone(page.context(), listener, signal), page.pause().catch(() => undefined)]),
      );
      if (isPaused(page.context())) await resume(page.context());
    },
  };
  return { debug, hasBegun: () => begun };
}

async function pauseIn(page: Page): Promise<void> {
  const { debugger: own } = page.context();
  const paused = new Promise<void>((resolve) => own.once('pausedstatechanged', () => resolve()));
  const ended = page.pause().catch(() => undefined);
  await Promise.race([paused, ended]);
}

/** Somebody may have resumed meanwhile. */
async function resume({ debugger: own }: BrowserContext): Promise<void> {
  await own.resume().catch(() => undefined);
}

function isPaused(context: BrowserContext): boolean {
  return context.debugger.pausedDetails() !== null;
}

function oneSessionOnly() {
  return usageError('--debug takes the sign-in of one session, at one base URL.', 'Name one session.');
}
