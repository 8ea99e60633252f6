import { withPublicUrls } from '../core/public-url.js';

/**
 * What an error says, fit to be told: without colours, without the log of an API request, whose headers hold
 * cookies and tokens, with addresses as they may be told, and through the redactor.
 */
export function cleanMessage(error: unknown, redact: (text: string) => string): string {
  if (!(error instanceof Error)) return `something of type ${typeof error} was thrown`;
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  const plain = error.message.replaceAll(/\u001b\[[0-9;]*m/g, '').trim();
  const told = plain.startsWith('apiRequestContext.') ? (plain.split('\nCall log:', 1)[0] ?? '') : plain;
  return withPublicUrls(redact(told)).slice(0, maxLength);
}

const maxLength = 2000;
