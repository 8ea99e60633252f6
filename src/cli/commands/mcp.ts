import type { BrowserPlan } from '../../browser/browser-plan.js';
import { createFlowBrowsers } from '../../browser/flow-browser.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { acquireOne } from '../engine/acquire-one.js';
import { chooseEntry } from '../engine/choose-entries.js';
import { gatherNeedles } from '../engine/gather-needles.js';
import { headedPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import { withEngine, type Engine } from '../engine/with-engine.js';
import { forbidTextDrags } from '../mcp/forbid-text-drags.js';
import { createGuardedTools } from '../mcp/guarded-tools.js';
import { createOwnTools } from '../mcp/own-tools.js';
import { openPlaywrightTools, type PlaywrightTools } from '../mcp/playwright-tools.js';
import { serveTools } from '../mcp/serve-tools.js';
import { createSignedInBrowser } from '../mcp/signed-in-browser.js';
import { toolTimeoutsOf } from '../mcp/tool-timeouts.js';
import { createWireWatch } from '../mcp/watch-wire.js';
import { findSuite, type FoundSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { suiteChoiceOf, suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';

export interface McpOptions extends SuiteFlags {
  readonly headed?: boolean;
}

export const registerMcp = defineCommand<[name: string], McpOptions>({
  name: 'mcp',
  arguments: [['<name>', 'a session']],
  description: 'serve a signed-in browser to an AI agent (MCP over stdio)',
  options: [['--headed', 'show the browser']],
  shared: suiteFlags,
  examples: ['mcp admin'],
  act: ([name], options, context) => serveSession(name, options, context),
});

/**
 * Standard output carries the protocol. The session signs in when the agent first uses a tool. The agent sees pages,
 * but no credentials: see tool-decisions.ts.
 */
export async function serveSession(
  name: string,
  options: McpOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.headed) requireDisplay(context.env);
  const suite = await findSuite(suiteChoiceOf(options), context);
  await gatherNeedles(suite, { vault: false }, context);
  return withEngine({ suite, context, needsVault: false }, async (engine) => {
    const entry = await chooseEntry(name, suite, engine);
    await serve({ name, entry, headed: options.headed ?? false }, { suite, engine, context });
    return { data: { session: name }, text: '' };
  });
}

interface Surroundings {
  readonly suite: FoundSuite;
  readonly engine: Engine;
  readonly context: CommandContext;
}

async function serve(
  { name, entry, headed }: { name: string; entry: SessionEntry; headed: boolean },
  { suite, engine, context }: Surroundings,
): Promise<void> {
  const { signal, redactor, note } = context;
  const browsers = createFlowBrowsers();
  const wire = createWireWatch({ session: name, redactor });
  const browser = createSignedInBrowser({
    acquire: () => acquireOne(name, { suite, engine, context }),
    suspect: ({ key, id }) => engine.handlers['/suspect']({ key, id }),
    browsers,
    planFor: (entry) => planOf(suite, entry, headed),
    async prepare(opened) {
      wire.watch(opened);
      await forbidTextDrags(opened);
    },
    signal,
  });
  let playwright: PlaywrightTools | undefined;
  try {
    playwright = await openPlaywrightTools(() => browser.context(), {
      timeouts: toolTimeoutsOf(planOf(suite, entry, headed).pageSettings),
    });
    const own = createOwnTools({ session: name, browser, playwright, redactor });
    const tools = createGuardedTools({
      session: name,
      baseURL: entry.baseURL,
      browser,
      playwright,
      own,
      redactor,
      wire,
    });
    const onError = (error: Error) => note(`The agent's connection: ${error.message}`);
    await serveTools(tools, { session: name, input: process.stdin, output: context.stdout, signal, onError });
  } finally {
    await playwright?.close().catch(() => undefined);
    await browser.close().catch(() => undefined);
    await browsers.close();
  }
}

function planOf({ projects }: FoundSuite, { place }: SessionEntry, headed: boolean): BrowserPlan {
  const own = projects.find(({ name }) => name === place.project) ?? projects[0];
  if (!own) throw new TypeError('a Playwright config has one project at least');
  return headed ? headedPlan(own.plan) : own.plan;
}
