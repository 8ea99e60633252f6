import type { Page } from '@playwright/test';
import { asSentence } from '../core/as-sentence.js';
import { likelySource } from '../core/likely-source.js';
import { printable } from '../core/printable.js';
import { within } from '../time/within.js';

/** What a page shows after a flow has sent something, if it looks like a refusal. */
export interface RefusalSigns {
  /** Sentences: what the page says, and where the sent value came from. Empty if it says nothing. */
  readonly told: string;
  /** Whether the application may have refused what was sent. */
  readonly isLikely: boolean;
}

export interface RefusalOptions {
  /** The names of the secrets that were sent last, the last typed one first: `admin.password`. */
  readonly sent: readonly string[];
  /** Where each value came from, by parameter. Never the value. */
  readonly sources: ReadonlyMap<string, string>;
  readonly redact: (text: string) => string;
}

/**
 * Looks whether the page of a failed sign-in refuses what the flow has sent: it says that something is wrong, or still
 * asks for a password. Finds what it can of a page that does not answer.
 */
export async function describeRefusal(page: Page, options: RefusalOptions): Promise<RefusalSigns> {
  if (options.sent.length === 0) return { told: '', isLikely: false };
  const [words, asksPassword] = await Promise.all([
    within(patienceMs, wordsOf(page)),
    within(patienceMs, hasPasswordField(page)),
  ]);
  return formatRefusal({ words: words ?? '', asksPassword: asksPassword ?? false }, options);
}

interface RefusalSight {
  /** The text of the page's alert or error. */
  readonly words: string;
  readonly asksPassword: boolean;
}

export function formatRefusal(
  { words, asksPassword }: RefusalSight,
  { sent, sources, redact }: RefusalOptions,
): RefusalSigns {
  const said = shown(redact(words).trim().replaceAll(/\s+/g, ' '));
  const isLikely = sent.length > 0 && (asksPassword || refusing.test(words));
  const says = said === '' ? '' : `The page says ${said}.`;
  if (!isLikely) return { told: says, isLikely };
  const may = 'The application may have refused the credentials.';
  const asks = asksPassword ? 'It still asks for a password.' : '';
  const page = says === '' && asks !== '' ? 'The page still asks for a password.' : `${says} ${asks}`.trim();
  return { told: `${page} ${may}${fromWhere(sent, sources)}`, isLikely };
}

/** The password's source, or else that of the last value: what a person has to look at. */
function fromWhere(sent: readonly string[], sources: ReadonlyMap<string, string>): string {
  const parameters = sent.map((label) => label.slice(label.lastIndexOf('.') + 1));
  const found = likelySource(parameters, sources);
  return found ? asSentence(` Its ${found.parameter} came from ${found.source}`) : '';
}

/** Cut after it was redacted: a part of a value is not recognized. */
function shown(text: string): string {
  if (text === '') return '';
  return `"${printable(text.length > longest ? `${text.slice(0, longest)}…` : text)}"`;
}

/** The first text that a page marks as an alert or an error. A longer one is a part of the page. */
async function wordsOf(page: Page): Promise<string> {
  for (const marked of alerts) {
    // Not as it looks: a value in other letters is not recognized.
    const texts = await page.locator(marked).allTextContents();
    const text = texts.find((one) => one.trim() !== '' && one.length <= longestAlert);
    if (text !== undefined) return text;
  }
  return '';
}

async function hasPasswordField(page: Page): Promise<boolean> {
  const counts = page.frames().map((frame) => frame.locator('input[type="password"]:visible').count());
  return (await Promise.all(counts)).some((count) => count > 0);
}

const alerts = [
  '[role="alert"]:visible',
  '[aria-live="assertive"]:visible',
  '[class*="error" i]:visible:not(html):not(body)',
];
const refusing =
  /\b(?:wrong|incorrect|invalid|unknown|denied|failed|rejected|not (?:valid|recogni[sz]ed|found|correct|match)|no such|(?:does not|doesn[’']t|don[’']t|do not) (?:match|exist|recogni[sz]e))\b/i;
const patienceMs = 2000;
const longest = 150;
const longestAlert = 500;
