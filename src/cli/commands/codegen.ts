import type { BrowserContext } from '@playwright/test';
import { publicUrl } from '../../core/public-url.js';
import { acquireOne } from '../engine/acquire-one.js';
import { chooseEntry } from '../engine/choose-entries.js';
import { windowPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import { untilClosed } from '../engine/until-closed.js';
import { openPage, pageAddress } from '../project/page-address.js';
import { showRecorder } from '../recording/playwright-recorder.js';
import { whileOpening } from '../recording/while-opening.js';
import { withWindow } from '../recording/with-window.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { projectOptions, type ProjectOptions } from './command-options.js';
import { defineCommand } from './define-command.js';
import type { OpenRequest } from './open.js';
import { withProject } from './with-project.js';

export const registerCodegen = defineCommand<[name: string, url: string | undefined], ProjectOptions>({
  name: 'codegen',
  arguments: [
    ['<name>', 'a session'],
    ['[url]', 'page to open, relative to the base URL  [the base URL]'],
  ],
  description: "open Playwright's code generator in a signed-in browser",
  shared: projectOptions,
  examples: ['codegen admin', 'codegen admin /orders'],
  footnote: 'The session is passed in memory and never written to a file.',
  act: ([name, url], options, context) => generateCode({ name, url, options }, context),
});

/** Uses the project's browser with the session's state. Changes made in it are not stored. */
export async function generateCode(
  { name, url, options }: OpenRequest,
  context: CommandContext,
): Promise<CommandResult> {
  requireDisplay(context.env);
  return withProject(options, { context, needsVault: false }, async (project, engine) => {
    const address = pageAddress(url, (await chooseEntry(name, project, engine)).baseURL);
    const { entry, session } = await acquireOne(name, { project, engine, context });
    const { signal } = context;
    const job = { session: entry.session, place: entry.place, from: session.state, signal };
    const show = async (browserContext: BrowserContext, opened: () => void) => {
      const closed = untilClosed(browserContext, signal);
      const page = await browserContext.newPage();
      await showRecorder(browserContext, page);
      opened();
      context.note(
        `Signed in as ${name}. Use it in a test: test.use({ authSession: '${name}' });\n` +
          '  Close the window to finish, or press Ctrl-C.',
      );
      await openPage(page, address, context);
      await closed;
    };
    const plan = windowPlan(project, entry.place);
    await whileOpening(context.progress, (opened) =>
      withWindow(job, { plan }, (window) => show(window, opened)),
    );
    return { data: { session: name, url: publicUrl(address) }, text: '' };
  });
}
