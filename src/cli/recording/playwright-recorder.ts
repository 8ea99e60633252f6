import type { BrowserContext, Page } from '@playwright/test';
import { asSentence } from '../../core/as-sentence.js';
import { AuthSessionsError } from '../../core/errors.js';
import { firstLine } from '../../core/first-line.js';

/**
 * The command line's only file that uses Playwright's insides: its recorder, which `npx playwright codegen` shows and
 * `@playwright/mcp` uses. The `codegen` command itself cannot use the project's browser, and writes typed text to a
 * file; here it stays in memory. Matches Playwright 1.62 (`_enableRecorder`) and 1.65 (`_startRecording`,
 * `_showRecorder`); tests/contract/playwright-recorder.spec.ts fails if they change.
 */

/** Playwright's generated code for one action of a person: `await page.getByLabel('Email').fill('…');` */
export interface RecordedStep {
  readonly code: string;
  readonly page: Page;
  /** The page's URL when the step was reported. */
  readonly url: string;
  /** A click without a pointer: the browser's own response to a key, such as Enter in a form. */
  readonly isEcho: boolean;
}

export interface Recorder {
  /** Steps so far, in order. */
  steps(): readonly RecordedStep[];
  /** Collects pending steps, and stops recording. */
  stop(): Promise<void>;
}

interface Sink {
  actionAdded(page: Page, action: unknown, code: string): void;
  actionUpdated(page: Page, action: unknown, code: string): void;
  signalAdded(page: Page, signal: unknown, code?: string): void;
}

interface Insides {
  _startRecording?(options: object, sink: Sink): Promise<void>;
  _stopRecording?(): Promise<void>;
  _showRecorder?(options: object): Promise<void>;
  _enableRecorder?(options: object, sink?: Sink): Promise<void>;
  _disableRecorder?(): Promise<void>;
}

/**
 * Records what a person does in the pages of a context. Keystrokes in one field are one step.
 *
 * @throws AuthSessionsError `ERR_PLAYWRIGHT_UNKNOWN`
 */
export async function startRecorder(context: BrowserContext): Promise<Recorder> {
  const steps: RecordedStep[] = [];
  const replaceLast = (code: string) => {
    const last = steps.pop();
    if (last) steps.push({ ...last, code });
  };
  const sink: Sink = {
    actionAdded: (page, action, code) => steps.push({ code, page, url: page.url(), isEcho: isEcho(action) }),
    actionUpdated: (_, __, code) => replaceLast(code),
    signalAdded: (_, __, code) => {
      if (code) replaceLast(code);
    },
  };
  const insides = context as Insides;
  if (insides._startRecording) await insides._startRecording({ language }, sink);
  else if (insides._enableRecorder)
    await insides._enableRecorder({ language, mode: 'recording', recorderMode: 'api' }, sink);
  else throw unknownRecorder();
  return {
    steps: () => steps.filter(({ code }) => code.trim() !== ''),
    async stop() {
      const stopped = insides._stopRecording?.() ?? insides._disableRecorder?.();
      // A closed window has reported everything.
      await stopped?.catch(() => undefined);
    },
  };
}

/**
 * Opens Playwright's inspector beside a page before anything pauses: the one that a pause opens by itself ends the
 * process at Ctrl-C, before its files are removed.
 *
 * @throws AuthSessionsError `ERR_BROWSER_FAILED` when its window, a Chromium, does not open
 */
export async function showInspector(context: BrowserContext): Promise<void> {
  const insides = context as Insides;
  const options = { language, handleSIGINT: false };
  try {
    await (insides._showRecorder?.(options) ?? insides._enableRecorder?.(options));
  } catch (error) {
    throw windowMissing("Playwright's inspector did not open.", error);
  }
}

/**
 * Opens the code generator's own window beside a page. Without the inside, Playwright's inspector is opened by its
 * public way, `page.pause()`, where a click on "Record" begins.
 *
 * @throws AuthSessionsError `ERR_BROWSER_FAILED` when the generator's window, a Chromium, does not open
 */
export async function showRecorder(context: BrowserContext, page: Page): Promise<void> {
  const insides = context as Insides;
  const options = { language, mode: 'recording', handleSIGINT: false };
  try {
    if (insides._showRecorder) await insides._showRecorder(options);
    else if (insides._enableRecorder) await insides._enableRecorder(options);
    else void page.pause().catch(() => undefined);
  } catch (error) {
    throw windowMissing("The code generator's window did not open.", error);
  }
}

function windowMissing(failed: string, error: unknown): AuthSessionsError {
  return new AuthSessionsError('ERR_BROWSER_FAILED', {
    failed,
    known: asSentence(firstLine(error)),
    next: 'Run "npx playwright install chromium": the window is always Chromium.',
  });
}

/** In Playwright 1.62, the action is nested. */
function isEcho(told: unknown): boolean {
  const { action, ...flat } = told as { readonly action?: RecordedAction } & RecordedAction;
  const { name, clickCount } = action ?? flat;
  return name === 'click' && clickCount === 0;
}

interface RecordedAction {
  readonly name?: string;
  readonly clickCount?: number;
}

function unknownRecorder(): AuthSessionsError {
  return new AuthSessionsError('ERR_PLAYWRIGHT_UNKNOWN', {
    failed: 'The recorder of this Playwright version is not supported.',
    known: 'Playwright 1.62 to 1.65 are supported.',
    next: 'Write the flow by hand, as the README shows, and report this version.',
  });
}

const language = 'playwright-test';
