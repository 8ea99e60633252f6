import type { Evidence } from './errors.js';

/** A failed sign-in as text: the step that failed, its page, its steps and its console errors. */
export function formatEvidence(evidence: Evidence): string {
  const { failedAt, url, title, steps = [], consoleErrors = [] } = evidence;
  const parts = [
    failedAt !== undefined && `Failed  ${failedAt}`,
    `Page    ${url}`,
    title !== '' && `Title   ${title}`,
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
