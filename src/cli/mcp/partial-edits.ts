import type { Redactor } from '../../redaction/redactor.js';
import type { ToolArguments } from './check-arguments.js';
import { currentPage } from './current-page.js';
import { holdsSecret } from './know-context.js';
import type { PlaywrightTools } from './playwright-tools.js';
import type { SignedInBrowser } from './signed-in-browser.js';

export interface EditSurroundings {
  readonly browser: SignedInBrowser;
  readonly playwright: PlaywrightTools;
  readonly redactor: Redactor;
}

/**
 * Whether a call could leave a part of a secret in a field, where it cannot be recognized: removing one letter is
 * enough. Includes fields in other frames and shadow roots, because focus may move there.
 */
export async function wouldEditSecret(
  name: string,
  given: ToolArguments,
  { browser, playwright, redactor }: EditSurroundings,
): Promise<boolean> {
  if (!isPartialEdit(name, given) || !browser.current) return false;
  const page = await currentPage(browser, playwright);
  return page !== undefined && (await holdsSecret(page, redactor));
}

export const editRefused =
  'A field on this page contains a secret and would show part of it. Use browser_type without "slowly": it replaces the whole value.';

function isPartialEdit(name: string, { key, slowly }: ToolArguments): boolean {
  if (name === 'browser_type') return slowly === true;
  return name === 'browser_press_key' && !(typeof key === 'string' && harmlessKey.test(key));
}

/** Keys that move, select or leave. Enter would split lines in a textarea. */
const harmlessKey =
  /^(?:(?:Shift\+)?Tab|Escape|Arrow(?:Up|Down|Left|Right)|Home|End|Page(?:Up|Down)|F\d\d?|(?:Control|Meta|ControlOrMeta)\+(?:Key)?[aA])$/;
