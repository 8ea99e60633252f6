import type { Evidence } from './errors.js';

/** A failed sign-in as text: its page, its steps and its console errors. */
export function formatEvidence({ url, title, steps = [], consoleErrors = [] }: Evidence): string {
  const parts = [
    `Page   ${url}`,
    title !== '' && `Title  ${title}`,
    '',
    'Steps of the auth flow; typed values are named, never shown',
    ...(steps.length > 0 ? steps : ['  none']),
    '',
    'Console errors of its pages',
    ...(consoleErrors.length > 0 ? consoleErrors.map((text) => `  ${text}`) : ['  none']),
    '',
  ];
  return parts.filter((part) => part !== false).join('\n');
}
