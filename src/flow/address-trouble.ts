import { adviceFor } from '../core/error-advice.js';
import type { AuthSessionsErrorCode } from '../core/error-codes.js';

/** A failure that is about the application's address, and not about the flow. */
export interface AddressTrouble {
  readonly code: Extract<AuthSessionsErrorCode, 'ERR_BASE_URL_MISSING' | 'ERR_APPLICATION_UNREACHABLE'>;
  readonly failed: string;
  readonly next: string;
}

/** Recognizes a relative address without a base URL, and an address that nothing answers at, in any browser or in Node. */
export function addressTrouble(error: unknown, baseURL: string | undefined): AddressTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const text = `${error.message}\n${error.cause instanceof Error ? error.cause.message : ''}`;
  if (baseURL === undefined && relative.test(text)) return missing;
  if (!unreachable.test(text)) return undefined;
  const address = addressIn(text);
  if (address === undefined) return undefined;
  const code = 'ERR_APPLICATION_UNREACHABLE';
  return { code, failed: `nothing answers at ${address}.`, next: adviceFor(code).next };
}

/** The origin of the address in Playwright's message, or Node's host and port. */
function addressIn(text: string): string | undefined {
  const [, url] = /(?: at |navigating to "|→ [A-Z]+ )(https?:\/\/[^\s"]+)/.exec(text) ?? [];
  if (url !== undefined && URL.canParse(url)) return new URL(url).origin;
  return /(?:ECONNREFUSED|EHOSTUNREACH|ENOTFOUND) (\S+)/.exec(text)?.[1];
}

const relative =
  /(?:navigate to invalid URL|: Invalid URL\b|^Invalid URL\b|Invalid url: "\/|Failed to parse URL from \/)/;
const unreachable =
  /net::ERR_(?:CONNECTION_REFUSED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE)|NS_ERROR_(?:CONNECTION_REFUSED|UNKNOWN_HOST)|Could not (?:connect to|resolve host)|ECONNREFUSED|ENOTFOUND|EHOSTUNREACH/;
const missing: AddressTrouble = {
  code: 'ERR_BASE_URL_MISSING',
  failed: 'no base URL is set, and its flow uses a relative address.',
  next: adviceFor('ERR_BASE_URL_MISSING').next,
};
