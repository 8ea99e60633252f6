import type { Page } from '@playwright/test';
import { printable } from '../core/printable.js';
import { within } from '../time/within.js';

/**
 * The names of the buttons and fields of a page, as a sentence for the error of a flow that looks for another one. No
 * text that was typed, and what it can of a page that does not answer.
 */
export async function describeControls(page: Page, redact: (text: string) => string): Promise<string> {
  const snapshot = await within(patienceMs, page.locator('body').ariaSnapshot({ timeout: patienceMs }));
  return formatControls(snapshot ?? '', redact);
}

/** Reads an ARIA snapshot: `- button "Continue"`, `- textbox "Email": typed`, `- 'button "Next: pay"'`. */
export function formatControls(snapshot: string, redact: (text: string) => string): string {
  const found: Record<Kind, Set<string>> = { button: new Set(), field: new Set() };
  for (const line of snapshot.split('\n')) {
    const [, quote = '', role = '', text = ''] = control.exec(line) ?? [];
    const name = nameIn(quote === '' ? text : text.replaceAll("''", "'"));
    if (name !== '') found[role === 'button' ? 'button' : 'field'].add(shown(redact(name)));
  }
  const parts = (['button', 'field'] as const).flatMap((kind) => listed(kind, [...found[kind]]));
  return parts.length === 0 ? '' : ` The page has ${parts.join(' and ')}.`;
}

type Kind = 'button' | 'field';

function listed(kind: Kind, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length - mostNames;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return [`the ${kind}${names.length === 1 ? '' : 's'} ${names.slice(0, mostNames).join(', ')}${more}`];
}

function nameIn(text: string): string {
  try {
    return String(JSON.parse(text)).trim();
  } catch {
    return '';
  }
}

/** Cut after it was redacted: a part of a value is not recognized. */
function shown(name: string): string {
  return `"${printable(name.length > longestName ? `${name.slice(0, longestName)}…` : name)}"`;
}

const control = /^\s*- ('?)(button|textbox|searchbox|combobox|spinbutton|checkbox) ("(?:[^"\\]|\\.)*")/;
const patienceMs = 2000;
const mostNames = 10;
const longestName = 60;
