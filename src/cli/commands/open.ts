import { once } from 'node:events';
import type { BrowserContext } from '@playwright/test';
import type { Command } from 'commander';
import type { BrowserPlan } from '../../broker/browser-plan.js';
import { createFlowBrowsers } from '../../broker/flow-browser.js';
import { withContext } from '../../broker/flow-context.js';
import { acquireOne, type AcquiredEntry } from '../acquire-one.js';
import type { CommandContext, CommandResult } from '../command-context.js';
import {
  projectChoiceOf,
  withExamples,
  withProjectOptions,
  type ProjectOptions,
} from '../command-options.js';
import { findProject, type FoundProject } from '../find-project.js';
import { headedPlan } from '../headed-plan.js';
import { withEngine } from '../open-engine.js';
import { requireDisplay } from '../require-display.js';
import type { RunAct } from '../registration.js';
import { usageError } from '../usage-error.js';

export function registerOpen(program: Command, run: RunAct): void {
  const command = program
    .command('open')
    .argument('<name>', 'a session')
    .argument('[url]', "a page, relative to the base URL  [the base URL's own]")
    .description('open a browser that is signed in; it stays until it is closed');
  withExamples(withProjectOptions(command), 'open admin', 'open admin /orders').action(
    (name: string, url: string | undefined, options: ProjectOptions, self: Command) =>
      run(self, (context) => openSession({ name, url, options }, context)),
  );
}

export interface OpenRequest {
  readonly name: string;
  readonly url?: string | undefined;
  readonly options: ProjectOptions;
}

/** What is done in the window is not kept. */
export async function openSession(
  { name, url, options }: OpenRequest,
  context: CommandContext,
): Promise<CommandResult> {
  requireDisplay(context.env);
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine(project, {}, context, async (engine) => {
    const acquired = await acquireOne(name, { project, engine, context });
    const address = addressOf(url, acquired.entry.baseURL);
    await showUntilClosed(acquired, planOf(project, acquired), { address, context });
    return { data: { session: name, url: address }, text: '' };
  });
}

async function showUntilClosed(
  { entry, session }: AcquiredEntry,
  plan: BrowserPlan,
  { address, context }: { readonly address: string; readonly context: CommandContext },
): Promise<void> {
  const browsers = createFlowBrowsers();
  const { signal } = context;
  const job = { session: entry.session, place: entry.place, from: session.state, signal };
  try {
    await withContext(job, { browsers, planFor: () => plan }, async (browserContext) => {
      const closed = untilClosed(browserContext, signal);
      const page = await browserContext.newPage();
      context.note(`Signed in as ${entry.session.name}. Close the window to end, or press Ctrl-C.`);
      await page.goto(address).catch((error: unknown) => {
        if (page.isClosed()) return;
        const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
        context.note(`${address} could not be opened: ${why}`);
      });
      await closed;
    });
  } finally {
    await browsers.close();
  }
}

/** Until the last page is closed, the browser has gone, or the command is stopped. */
async function untilClosed(browserContext: BrowserContext, signal: AbortSignal): Promise<void> {
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  const gone = new Promise<void>((resolve) => browserContext.on('close', () => resolve()));
  const lastPage = new Promise<void>((resolve) =>
    browserContext.on('page', (page) =>
      page.on('close', () => {
        if (browserContext.pages().length === 0) resolve();
      }),
    ),
  );
  await Promise.race([stopped, gone, lastPage]);
}

/** A window as large as a person makes it, where the project does not say. */
function planOf({ projects }: FoundProject, { entry }: AcquiredEntry): BrowserPlan {
  const own = projects.find(({ name }) => name === entry.place.project) ?? projects[0];
  if (!own) throw new TypeError('a Playwright config has one project at least');
  const plan = headedPlan(own.plan);
  return { ...plan, contextOptions: { viewport: null, ...plan.contextOptions } };
}

function addressOf(url: string | undefined, baseURL: string | undefined): string {
  if (url === undefined) return baseURL ?? 'about:blank';
  if (URL.canParse(url, baseURL)) return new URL(url, baseURL).href;
  throw usageError(
    `"${url}" is no address that can be opened.`,
    'Write it whole, as in https://shop.example/orders, or give --base-url.',
    'It is relative, and the project has no base URL.',
  );
}
