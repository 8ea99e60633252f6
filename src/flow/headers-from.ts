import { AuthSessionsError } from '../core/errors.js';
import type { FlowJob, SignInCredentials } from '../core/ports.js';
import type { Header, SentHeaders } from '../core/sent-headers.js';
import { findIn } from './find-bound.js';
import { baseURLOf } from './flow-context.js';
import { findMismatch } from './website-mismatch.js';

/**
 * The headers that a flow's `create` returned, if it did.
 *
 * @throws AuthSessionsError `ERR_HEADERS_INVALID`, `ERR_WEBSITE_MISMATCH`
 */
export function headersFrom(
  created: unknown,
  job: Pick<FlowJob & SignInCredentials, 'session' | 'place' | 'bound'>,
): SentHeaders | undefined {
  if (!isPlainObject(created)) return undefined;
  const invalid = (known: string) => headersInvalid(job.session.name, known);
  const { headers, origins, ...others } = created;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`It returned "${unknown}", and may return headers and origins.`);
  if (!isPlainObject(headers)) throw invalid('It returned no object of headers.');
  const items = Object.entries(headers).map(([name, value]): Header => {
    if (!namePattern.test(name) || reserved.has(name.toLowerCase()))
      throw invalid(`"${printable(name)}" is not a name of a header that it can set.`);
    if (typeof value !== 'string' || !valuePattern.test(value))
      throw invalid(
        `The value of ${name} is empty, not a text, or has characters that a header cannot have.`,
      );
    return { name, value };
  });
  if (items.length === 0) return undefined;
  const sent = { items, origins: originsOf(origins ?? [baseURLOf(job)], invalid) };
  requireFittingHeaders(job, sent);
  return sent;
}

/** Headers with values that are bound to websites go nowhere else. */
function requireFittingHeaders(
  { session, bound }: Pick<FlowJob & SignInCredentials, 'session' | 'bound'>,
  { items, origins }: SentHeaders,
): void {
  const values = items.map(({ value }) => value);
  for (const secret of findIn(values, bound?.values() ?? [])) {
    const mismatch = findMismatch(session, secret, origins);
    if (mismatch) throw mismatch;
  }
}

function originsOf(given: unknown, invalid: (known: string) => AuthSessionsError): string[] {
  const texts: readonly unknown[] = Array.isArray(given) ? given : [];
  const origins = texts.flatMap((text) =>
    typeof text === 'string' && URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).origin : [],
  );
  if (origins.length === 0 || origins.length < texts.length)
    throw invalid('The origins that get them are not known.');
  return origins;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function headersInvalid(session: string, known: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_HEADERS_INVALID',
    {
      failed: `Session "${session}": what its flow's create returned cannot be used.`,
      known,
      next: 'Return { headers: { Authorization: … } }. Give the session a baseURL, or return origins too.',
    },
    { session },
  );
}

function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 40);
}

/** RFC 9110, section 5.6.2. */
const namePattern = /^[\w!#$%&'*+.^`|~-]+$/;
const valuePattern = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
/** Cookies are a part of the state. The others belong to the connection and to the browser. */
const reserved: ReadonlySet<string> = new Set([
  ...['cookie', 'host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer'],
  ...['origin', 'referer', 'keep-alive', 'expect'],
]);
