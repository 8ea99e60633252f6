import type { BrowserContext } from '@playwright/test';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import { publicUrl } from '../../core/public-url.js';
import { acquireOne, type AcquiredEntry } from '../engine/acquire-one.js';
import { chooseEntry } from '../engine/choose-entries.js';
import { windowPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import { untilClosed } from '../engine/until-closed.js';
import { openPage, pageAddress } from '../project/page-address.js';
import { whileOpening } from '../recording/while-opening.js';
import { withWindow } from '../recording/with-window.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { projectOptions, type ProjectOptions } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withProject } from './with-project.js';

export const registerOpen = defineCommand<[name: string, url: string | undefined], ProjectOptions>({
  name: 'open',
  arguments: [
    ['<name>', 'a session'],
    ['[url]', 'page to open, relative to the base URL  [the base URL]'],
  ],
  description: 'open a signed-in browser until you close it',
  shared: projectOptions,
  examples: ['open admin', 'open admin /orders'],
  act: ([name, url], options, context) => openSession({ name, url, options }, context),
});

export interface OpenRequest {
  readonly name: string;
  readonly url?: string | undefined;
  readonly options: ProjectOptions;
}

/** Changes made in the window are not stored. */
export async function openSession(
  { name, url, options }: OpenRequest,
  context: CommandContext,
): Promise<CommandResult> {
  requireDisplay(context.env);
  return withProject(options, { context, needsVault: false }, async (project, engine) => {
    // Checked before signing in.
    const address = pageAddress(url, (await chooseEntry(name, project, engine)).baseURL);
    const acquired = await acquireOne(name, { project, engine, context });
    await showUntilClosed(acquired, windowPlan(project, acquired.entry.place), { address, context });
    return { data: { session: name, url: publicUrl(address) }, text: '' };
  });
}

async function showUntilClosed(
  { entry, session }: AcquiredEntry,
  plan: BrowserPlan,
  { address, context }: { readonly address: string; readonly context: CommandContext },
): Promise<void> {
  const { signal } = context;
  const job = { session: entry.session, place: entry.place, from: session.state, signal };
  const show = async (browserContext: BrowserContext, opened: () => void) => {
    const closed = untilClosed(browserContext, signal);
    const page = await browserContext.newPage();
    opened();
    context.note(`Signed in as ${entry.session.name}. Close the window to finish, or press Ctrl-C.`);
    await openPage(page, address, context);
    await closed;
  };
  await whileOpening(context.progress, (opened) =>
    withWindow(job, { plan }, (browserContext) => show(browserContext, opened)),
  );
}
