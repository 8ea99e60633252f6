import type { APIRequestContext } from '@playwright/test';
import { changeHeaders, listHeaders, type ReadHeaders, type RequestToChange } from '../core/sent-headers.js';
import { serverObjectOf } from './server-object.js';

/**
 * How Playwright sends the requests of `request`. Its own `extraHTTPHeaders` go everywhere, so headers are added at each
 * hop. Matches Playwright 1.65.1; tests/contract/sent-headers.spec.ts fails if this changes. If these insides are
 * missing, nothing is sent.
 */

/** Adds headers to the requests of a context's `request`, at each hop. Returns `false` if it cannot. */
export function interceptRequests(request: APIRequestContext, read: ReadHeaders): boolean {
  const inside = requestInsideOf(request);
  const send = inside?._sendRequest;
  if (!inside || !send) return false;
  inside._sendRequest = function (...given) {
    // Versions differ in what comes before and after these two.
    const at = given.findIndex((one) => one instanceof URL);
    const [url, options] = given.slice(at) as [URL, RequestOptions];
    const headers = at === -1 ? undefined : read();
    const changed = headers && changeHeaders(requestAt(url, options.headers), headers);
    if (!changed) return send.call(this, ...given);
    // Playwright copies the headers to the next hop, and with them this mark.
    const marked = { ...Object.fromEntries(changed.map(({ name, value }) => [name, value])), [seen]: true };
    return send.call(this, ...given.with(at + 1, { ...options, headers: marked }));
  };
  return true;
}

/** Watches the requests of a context's `request` until `end`. */
export interface WatchedHops {
  /** Whether an object of Playwright's client sends these requests. */
  isOf(object: object): boolean;
  end(): void;
}

/**
 * Calls `look` with each request of a context's `request` before it is sent, at each hop: its URL, and what it contains
 * besides cookies, which have an origin. A request is not sent if `look` throws. `undefined` if it cannot.
 */
export function interceptHops(
  request: APIRequestContext,
  look: (url: URL, contents: readonly (string | Uint8Array)[]) => void,
): WatchedHops | undefined {
  const inside = requestInsideOf(request);
  const send = inside?._sendRequest;
  if (!inside || !send) return undefined;
  let isOn = true;
  inside._sendRequest = async function (...given) {
    const at = given.findIndex((one) => one instanceof URL);
    if (isOn) {
      if (at === -1) throw new TypeError('The request has no URL.');
      const [url, options, ...rest] = given.slice(at) as [URL, RequestOptions, ...unknown[]];
      const headers = listHeaders(options.headers).filter(({ name }) => name.toLowerCase() !== 'cookie');
      const body = rest.filter((one) => typeof one === 'string' || one instanceof Uint8Array);
      look(url, [url.href, ...headers.map(({ value }) => value), ...body]);
    }
    return send.call(this, ...given);
  };
  // Others may have wrapped it since, so it stays.
  return { isOf: (object) => object === request, end: () => void (isOn = false) };
}

function requestAt(url: URL, headers: HeaderTable): RequestToChange {
  return { url: url.href, headers: listHeaders(headers), isRedirect: headers[seen] === true };
}

function requestInsideOf(request: APIRequestContext): Partial<RequestInside> | undefined {
  return serverObjectOf(request) as Partial<RequestInside> | undefined;
}

interface RequestInside {
  _sendRequest(...given: unknown[]): Promise<unknown>;
}

interface RequestOptions {
  readonly headers: HeaderTable;
}

type HeaderTable = Readonly<Record<string, string | undefined>> & { readonly [seen]?: boolean };

const seen = Symbol('headers added');
