import type { Redactor } from '../../redaction/redactor.js';
import type { ToolArguments } from './check-arguments.js';
import { currentPage } from './current-page.js';
import { holdsSecret } from './register-context.js';
import type { PlaywrightTools } from './playwright-tools.js';
import type { SignedInBrowser } from './signed-in-browser.js';

export interface EditSurroundings {
  readonly browser: SignedInBrowser;
  readonly playwright: PlaywrightTools;
  readonly redactor: Redactor;
}

/**
 * Whether a call could leave a part of a secret in a field, where it is no longer known for what it is: one letter
 * taken away is enough. Fields of other frames and shadow roots count, as focus may go there meanwhile.
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
  'A field of this page holds a secret, and would show a part of it. Use browser_type without "slowly": it replaces all that is in a field.';

function isPartialEdit(name: string, { key, slowly }: ToolArguments): boolean {
  if (name === 'browser_type') return slowly === true;
  return name === 'browser_press_key' && !(typeof key === 'string' && harmlessKey.test(key));
}

/** They move, mark or leave. Enter would part the lines of a larger field. */
const harmlessKey =
  /^(?:(?:Shift\+)?Tab|Escape|Arrow(?:Up|Down|Left|Right)|Home|End|Page(?:Up|Down)|F\d\d?|(?:Control|Meta|ControlOrMeta)\+(?:Key)?[aA])$/;
