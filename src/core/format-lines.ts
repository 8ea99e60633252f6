import type { AuthSessionsError } from './errors.js';

/** An error's message in three lines, for reports that cut long lines: what failed, what is known, what to do. */
export function formatLines({ code, explanation }: AuthSessionsError): string {
  const { failed, known, next } = explanation;
  // A list keeps the indent of its first line.
  const parts = [failed, known ?? '', next].map((part) => part.replace(/^\n+/, '').trimEnd());
  return `${parts.filter((part) => part !== '').join('\n')} [${code}]`;
}
