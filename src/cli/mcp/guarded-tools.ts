import { AuthSessionsError } from '../../core/errors.js';
import { redactJson } from '../../redaction/redact-json.js';
import type { Redactor } from '../../redaction/redactor.js';
import { checkArguments, type ToolArguments } from './check-arguments.js';
import { renewedNote, say, type OwnTool } from './own-tools.js';
import { editRefused, wouldEditSecret } from './partial-edits.js';
import type { ListedTool, PlaywrightTools, ToolAnswer } from './playwright-tools.js';
import { registerContext } from './register-context.js';
import type { SignedInBrowser } from './signed-in-browser.js';
import { toolDecisions, type OfferedTool } from './tool-decisions.js';
import { createTurns } from './turns.js';
import type { WireWatch } from './watch-wire.js';

/** The tools as an agent sees them: the allowed ones, with redacted answers. */
export interface GuardedTools {
  list(): Promise<readonly ListedTool[]>;
  call(name: string, given: ToolArguments): Promise<ToolAnswer>;
}

export interface GuardedToolsOptions {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly browser: SignedInBrowser;
  readonly playwright: PlaywrightTools;
  readonly own: ReadonlyMap<string, OwnTool>;
  readonly redactor: Redactor;
  readonly wire: Pick<WireWatch, 'settled'>;
}

export function createGuardedTools(options: GuardedToolsOptions): GuardedTools {
  const { session, browser, own, redactor, wire } = options;
  const inTurn = createTurns();
  return {
    async list() {
      const listed = await options.playwright.list();
      const offered = listed.flatMap((tool) => {
        const decision = decisionOf(tool.name);
        return decision ? [narrow(tool, decision)] : [];
      });
      return [...offered, ...[...own.values()].map((tool) => tool.listed)];
    },
    call: (name, given) =>
      // A check of the page must still be valid when the tool acts, so no other call runs between.
      inTurn(async () => {
        const answer = await answerOf(name, given, options).catch(explain);
        // The tool may have caused new cookies. They are registered before the answer is sent.
        await wire.settled();
        if (browser.current) await registerContext(browser.current, session, redactor);
        return redactAnswer(answer, redactor);
      }),
  };
}

async function answerOf(
  name: string,
  given: ToolArguments,
  options: GuardedToolsOptions,
): Promise<ToolAnswer> {
  const { session, browser, own, playwright, baseURL } = options;
  const tool = own.get(name);
  if (tool) return callOwn(tool, given);
  const decision = decisionOf(name);
  if (!decision) return say(`There is no tool "${name}".`, true);
  const checked = checkArguments(decision, given, baseURL);
  if ('refused' in checked) return say(checked.refused, true);
  if (await wouldEditSecret(name, checked.good, options)) return say(editRefused, true);
  const renewed = browser.looksDead && (await browser.renew());
  const answer = saySomething(await playwright.call(name, checked.good));
  if (!renewed) return answer;
  return { ...answer, content: [{ type: 'text', text: renewedNote(session) }, ...answer.content] };
}

/** Playwright answers only what changed: navigating to the page that is open would say nothing. */
function saySomething(answer: ToolAnswer): ToolAnswer {
  const isEmpty = answer.content.every((part) => part.type === 'text' && String(part.text).trim() === '');
  return isEmpty ? { ...answer, ...say(unchanged, answer.isError) } : answer;
}

const unchanged = 'Done. The page did not change: browser_snapshot shows it.';

async function callOwn({ listed, call }: OwnTool, given: ToolArguments): Promise<ToolAnswer> {
  const unknown = Object.keys(given).find(
    (name) => !Object.hasOwn(listed.inputSchema.properties ?? {}, name),
  );
  return unknown === undefined ? call(given) : say(`The argument "${unknown}" is not supported.`, true);
}

function decisionOf(name: string): OfferedTool | undefined {
  const decision = Object.hasOwn(toolDecisions, name) ? toolDecisions[name] : undefined;
  return decision?.offered ? decision : undefined;
}

function narrow(tool: ListedTool, { takes }: OfferedTool): ListedTool {
  const { properties = {}, required = [] } = tool.inputSchema;
  const kept = Object.entries(properties)
    .filter(([name]) => Object.hasOwn(takes, name))
    .map(([name, schema]) => [name, { ...schema, ...descriptionFor(takes[name]) }]);
  const inputSchema = {
    ...tool.inputSchema,
    properties: Object.fromEntries(kept) as Record<string, object>,
    required: required.filter((name) => Object.hasOwn(takes, name)),
    additionalProperties: false,
  };
  return { ...tool, inputSchema };
}

function descriptionFor(rule: OfferedTool['takes'][string] | undefined): object {
  if (rule === 'element')
    return { description: 'The reference of an element in the last snapshot, as in "e12".' };
  if (rule === 'address') return { description: 'An http or https URL, or a path of this application.' };
  return {};
}

/** A failed sign-in is reported in the usual three parts. */
function explain(error: unknown): ToolAnswer {
  if (error instanceof AuthSessionsError) return say(error.message, true);
  return say(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'The tool failed.', true);
}

/** A picture is base64, which is not searched: the page was checked before. */
function redactAnswer({ content, isError }: ToolAnswer, redactor: Redactor): ToolAnswer {
  const parts = content.filter(({ type }) => type === 'text' || type === 'image');
  const redacted = parts.map((part) =>
    part.type === 'image'
      ? part
      : (redactJson(part, { text: (text) => redactor.redact(text) }) as typeof part),
  );
  return { content: redacted, ...(isError && { isError }) };
}
