import type { Redactor } from '../../redaction/redactor.js';
import { currentPage } from './current-page.js';
import { showsSecret } from './know-context.js';
import type { ListedTool, PlaywrightTools, ToolAnswer } from './playwright-tools.js';
import type { SignedInBrowser } from './signed-in-browser.js';
import type { ToolArguments } from './check-arguments.js';

/** A tool that replaces one of Playwright's, or that Playwright lacks. */
export interface OwnTool {
  readonly listed: ListedTool;
  readonly call: (given: ToolArguments) => Promise<ToolAnswer>;
}

export interface OwnToolOptions {
  readonly session: string;
  readonly browser: SignedInBrowser;
  readonly playwright: PlaywrightTools;
  readonly redactor: Redactor;
}

export function createOwnTools(options: OwnToolOptions): ReadonlyMap<string, OwnTool> {
  const tools = [screenshotTool(options), closeTool(options), renewTool(options)];
  return new Map(tools.map((tool) => [tool.listed.name, tool]));
}

/** Takes screenshots in memory only, and not of a page that shows a known value: pixels cannot be redacted. */
function screenshotTool({ browser, playwright, redactor }: OwnToolOptions): OwnTool {
  return {
    listed: describe('browser_take_screenshot', {
      description:
        'Take a screenshot of the current page. Withheld while the page shows a secret; use browser_snapshot for its text.',
      properties: { fullPage: { type: 'boolean', description: 'The full page, not only the viewport.' } },
    }),
    async call({ fullPage }) {
      const page = await currentPage(browser, playwright);
      if (!page) return say('No page is open. Navigate first.', true);
      const before = await showsSecret(page, redactor);
      const picture = await page.screenshot({
        fullPage: fullPage === true,
        animations: 'disabled',
        timeout: pictureMs,
        mask: page.frames().map((frame) => frame.locator('input[type=password]')),
      });
      if (before || (await showsSecret(page, redactor)))
        return say('The screenshot is withheld: this page shows a secret. Use browser_snapshot.', true);
      return { content: [{ type: 'image', data: picture.toString('base64'), mimeType: 'image/png' }] };
    },
  };
}

function closeTool({ browser, session }: OwnToolOptions): OwnTool {
  return {
    listed: describe('browser_close', {
      description: 'Close the browser. The next use opens it again, signed in.',
    }),
    async call() {
      await browser.close();
      return say(`Closed. The next tool opens it again, signed in as ${session}.`);
    },
  };
}

function renewTool({ browser, session }: OwnToolOptions): OwnTool {
  return {
    listed: describe('auth_session_renew', {
      description: `Use this when a page is signed out. Checks the session "${session}", and signs in again if it has ended.`,
    }),
    async call() {
      const renewed = await browser.renew();
      return say(renewed ? renewedNote(session) : `The session "${session}" is signed in.`);
    },
  };
}

export function renewedNote(session: string): string {
  return `The session "${session}" had ended and was signed in again. Its tabs were closed: navigate again.`;
}

export function say(text: string, isError = false): ToolAnswer {
  return { content: [{ type: 'text', text }], ...(isError && { isError }) };
}

function describe(
  name: string,
  { description, properties = {} }: { description: string; properties?: Readonly<Record<string, object>> },
): ListedTool {
  return { name, description, inputSchema: { type: 'object', properties, additionalProperties: false } };
}

const pictureMs = 10_000;
