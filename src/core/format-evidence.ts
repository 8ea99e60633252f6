import type { Evidence } from './errors.js';

/** What a failed sign-in left to read: where it was, what it did, and what its pages complained of. */
export function formatEvidence({ url, title, steps = [], consoleErrors = [] }: Evidence): string {
  const parts = [
    `Page   ${url}`,
    title !== '' && `Title  ${title}`,
    '',
    'Steps of the auth flow; typed values are named, never shown',
    ...(steps.length > 0 ? steps : ['  none']),
    '',
    'Errors on the console of its pages',
    ...(consoleErrors.length > 0 ? consoleErrors.map((text) => `  ${text}`) : ['  none']),
    '',
  ];
  return parts.filter((part) => part !== false).join('\n');
}
