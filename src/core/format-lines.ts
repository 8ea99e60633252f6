import type { AuthSessionsError } from './errors.js';

/** An error's message in three lines, for reports that cut long lines: what failed, what is known, what to do. */
export function formatLines({ code, explanation }: AuthSessionsError): string {
  const { failed, known, next } = explanation;
  const parts = [failed, known ?? '', next].map((part) => part.trim()).filter((part) => part !== '');
  return `${parts.join('\n')} [${code}]`;
}
