import type { AuthSessionsError } from './errors.js';
import { wrapText } from './wrap-text.js';

/**
 * An error's message in lines: what failed, what is known, what to do. They are wrapped, because Playwright's HTML report
 * cuts long lines.
 */
export function formatLines({ code, explanation }: AuthSessionsError): string {
  const { failed, known, next } = explanation;
  // A list keeps the indent of its first line.
  const parts = [failed, known ?? '', next].map((part) => part.replace(/^\n+/, '').trimEnd());
  return wrapText(`${parts.filter((part) => part !== '').join('\n')} [${code}]`, mostColumns);
}

/** What the report shows at a width of 1000 pixels. */
const mostColumns = 100;
