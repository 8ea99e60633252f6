import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import type { SessionPlace } from '../../core/ports.js';
import { openPage } from '../suite/page-address.js';
import type { CommandContext } from '../terminal/command-context.js';
import type { FieldBook } from './field-book.js';
import { startRecorder, type RecordedStep } from './playwright-recorder.js';
import { watchTypedFields } from './typed-fields.js';
import { untilDone, withListener, type DoneBy, type Listener } from './until-done.js';
import { whileOpening } from './while-opening.js';
import { withWindow } from './with-window.js';

export interface StepsOptions {
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  readonly plan: BrowserPlan;
  readonly address: string;
}

export interface RecordedSteps {
  readonly steps: readonly RecordedStep[];
  readonly fields: Omit<FieldBook, 'tell'>;
  /** URL of the last page. */
  readonly endUrl: string | undefined;
  readonly doneBy: DoneBy;
}

/** Shows a window, and records the person's actions until they are done. Typed text stays in memory. */
export async function recordSteps(
  { session, place, plan, address }: StepsOptions,
  context: CommandContext,
): Promise<RecordedSteps> {
  const { signal } = context;
  const work = async (browserContext: BrowserContext, listener: Listener, opened: () => void) => {
    const fields = await watchTypedFields(browserContext);
    const recorder = await startRecorder(browserContext);
    const lastUrl = watchAddress(browserContext);
    const page = await browserContext.newPage();
    opened();
    const done = untilDone(browserContext, listener, signal);
    context.note(
      `Sign in as "${session.name}" in the window. If you like, use the eye in its toolbar to point at\n` +
        '  an element visible only when signed in. Then press Enter here, or close the window. Ctrl-C discards it.',
    );
    void openPage(page, address, context);
    const doneBy = await done;
    await recorder.stop();
    return { steps: recorder.steps(), fields, endUrl: lastUrl(), doneBy };
  };
  return withListener(process.stdin, (listener) =>
    whileOpening(context.progress, (opened) =>
      withWindow({ session, place, signal }, { plan }, (browserContext) =>
        work(browserContext, listener, opened),
      ),
    ),
  );
}

/** Also works after its page is closed. */
function watchAddress(browserContext: BrowserContext): () => string | undefined {
  let last: string | undefined;
  browserContext.on('page', (page) =>
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) last = frame.url();
    }),
  );
  return () => last;
}
