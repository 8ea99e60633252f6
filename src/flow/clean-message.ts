import { withPublicUrls } from '../core/public-url.js';

/**
 * An error's message, safe to report: without colours and API request logs, whose headers contain cookies and tokens,
 * with safe URLs, and redacted.
 */
export function cleanMessage(error: unknown, redact: (text: string) => string): string {
  if (!(error instanceof Error)) return `something of type ${typeof error} was thrown`;
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  const plain = error.message.replaceAll(/\u001b\[[0-9;]*m/g, '').trim();
  const told = plain.startsWith('apiRequestContext.') ? (plain.split('\nCall log:', 1)[0] ?? '') : plain;
  return withPublicUrls(redact(told)).slice(0, maxLength);
}

const maxLength = 2000;
