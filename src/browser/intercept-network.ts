import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { changeHeaders, type Header, type RequestToChange, type SentHeaders } from '../core/sent-headers.js';

/**
 * The only file that knows how Playwright sends requests. Its own means reach other origins: `extraHTTPHeaders` go
 * everywhere, and a header given to `route.continue` follows every redirect. Matches Playwright 1.65.1;
 * tests/contract/sent-headers.spec.ts fails if this changes. If these insides are missing, nothing is sent.
 */

/** The headers at this moment. */
export type ReadHeaders = () => SentHeaders | undefined;

/** Adds headers to the requests of a context's `request`, at each hop. Returns `false` if it cannot. */
export function interceptRequests(request: APIRequestContext, read: ReadHeaders): boolean {
  const inside = insideOf(request) as Partial<RequestInside> | undefined;
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
  const inside = insideOf(request) as Partial<RequestInside> | undefined;
  const send = inside?._sendRequest;
  if (!inside || !send) return undefined;
  let isOn = true;
  inside._sendRequest = async function (...given) {
    const at = given.findIndex((one) => one instanceof URL);
    if (isOn) {
      if (at === -1) throw new TypeError('The request has no URL.');
      const [url, options, ...rest] = given.slice(at) as [URL, RequestOptions, ...unknown[]];
      const headers = listOf(options.headers).filter(({ name }) => name.toLowerCase() !== 'cookie');
      const body = rest.filter((one) => typeof one === 'string' || one instanceof Uint8Array);
      look(url, [url.href, ...headers.map(({ value }) => value), ...body]);
    }
    return send.call(this, ...given);
  };
  // Others may have wrapped it since, so it stays.
  return { isOf: (object) => object === request, end: () => void (isOn = false) };
}

/**
 * Adds headers to the requests of a context's pages, frames, popups, workers and service workers, at each hop. Returns
 * `false` if it cannot, as in other browsers than Chromium.
 */
export async function interceptPages(context: BrowserContext, read: ReadHeaders): Promise<boolean> {
  const inside = insideOf(context);
  if (!isContextInside(inside)) return false;
  if (!interceptSessions(Object.getPrototypeOf(inside._browser._session) as SessionClass)) return false;
  contexts.set(inside, read);
  context.once('close', () => contexts.delete(inside));
  // Makes Chromium report each request before it is sent, without a route: those replace preflights. Nothing matches it.
  const { httpCredentials: own = [] } = inside._options;
  if (Array.isArray(own)) await inside.doSetHTTPCredentials(nobodyAfter(own));
  return true;
}

function requestAt(url: URL, headers: HeaderTable): RequestToChange {
  return { url: url.href, headers: listOf(headers), isRedirect: headers[seen] === true };
}

/** Playwright answers each paused request through its session, and so does every route of a test. */
function interceptSessions(shared: SessionClass): boolean {
  if (intercepted.has(shared)) return true;
  const { send, _onMessage: onMessage } = shared as Partial<SessionClass>;
  if (!send || !onMessage) return false;
  shared._onMessage = function (message) {
    if (message.method === 'Fetch.requestPaused') note(this, message.params as Paused);
    onMessage.call(this, message);
  };
  shared.send = function (method, params) {
    return send.call(this, method, answers.has(method) ? answerOf(this, method, params) : params);
  };
  intercepted.add(shared);
  return true;
}

function note(session: Session, paused: Paused): void {
  if (!ownerOf(session)) return;
  const known = waiting.get(session) ?? new Map<string, Paused>();
  waiting.set(session, known.set(paused.requestId, paused));
}

function answerOf(session: Session, method: string, params: unknown): unknown {
  const answer = params as Answer;
  const paused = waiting.get(session)?.get(answer.requestId);
  waiting.get(session)?.delete(answer.requestId);
  const owner = ownerOf(session);
  const headers = owner && contexts.get(owner)?.();
  if (method !== 'Fetch.continueRequest' || !paused || !headers) return params;
  const request = {
    url: answer.url ?? paused.request.url,
    headers: answer.headers ?? listOf(paused.request.headers),
    isRedirect: paused.redirectedRequestId !== undefined,
  };
  const changed = changeHeaders(request, headers);
  // The browser adds cookies. Those of the paused request may be older than what a redirect has just set.
  return changed
    ? { ...answer, headers: changed.filter(({ name }) => name.toLowerCase() !== 'cookie') }
    : params;
}

/** The context that a session's requests belong to, if it has headers. */
function ownerOf(session: Session): ContextInside | undefined {
  const known = owners.get(session);
  if (known) return known;
  const owner = [...contexts.keys()].find((context) => isOf(context, session));
  if (owner) owners.set(session, owner);
  return owner;
}

function isOf(context: ContextInside, session: Session): boolean {
  const { _crPages: pages, _serviceWorkers: workers } = context._browser;
  for (const page of pages.values())
    if (page._browserContext === context)
      for (const { _client: client } of page._sessions.values()) if (client === session) return true;
  return [...(workers?.values() ?? [])].some(
    (worker) => worker.browserContext === context && worker._session === session,
  );
}

function isContextInside(inside: unknown): inside is ContextInside {
  const {
    _browser: browser,
    _options: options,
    doSetHTTPCredentials,
  } = (inside ?? {}) as Partial<ContextInside>;
  const { _session: session, _crPages: pages } = (browser ?? {}) as Partial<ContextInside['_browser']>;
  return Boolean(session && pages && options && doSetHTTPCredentials);
}

/** The server's part of an object, if it is in this process. */
function insideOf(object: object): unknown {
  const { _connection: connection } = object as { _connection?: { toImpl?: (one: object) => unknown } };
  try {
    return connection?.toImpl?.(object);
  } catch {
    return undefined;
  }
}

function listOf(headers: HeaderTable): Header[] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : { name, value }));
}

type HeaderTable = Readonly<Record<string, string | undefined>> & { readonly [seen]?: boolean };

interface RequestInside {
  _sendRequest(...given: unknown[]): Promise<unknown>;
}

interface RequestOptions {
  readonly headers: HeaderTable;
}

interface ContextInside {
  readonly _browser: {
    readonly _session: Session;
    readonly _crPages: ReadonlyMap<string, PageInside>;
    readonly _serviceWorkers?: ReadonlyMap<string, WorkerInside>;
  };
  readonly _options: { readonly httpCredentials?: unknown };
  doSetHTTPCredentials(credentials: unknown): Promise<void>;
}

interface PageInside {
  readonly _browserContext: object;
  readonly _sessions: ReadonlyMap<string, { readonly _client: Session }>;
}

interface WorkerInside {
  readonly browserContext: object;
  readonly _session: Session;
}

type Session = object;

interface SessionClass {
  send(this: Session, method: string, params: unknown): Promise<unknown>;
  _onMessage(this: Session, message: { readonly method?: string; readonly params?: unknown }): void;
}

interface Paused {
  readonly requestId: string;
  readonly redirectedRequestId?: string;
  readonly request: { readonly url: string; readonly headers: HeaderTable };
}

interface Answer {
  readonly requestId: string;
  readonly url?: string;
  readonly headers?: readonly Header[];
}

const seen = Symbol('headers added');
const contexts = new Map<ContextInside, ReadHeaders>();
const owners = new WeakMap<Session, ContextInside>();
const waiting = new WeakMap<Session, Map<string, Paused>>();
const intercepted = new WeakSet<SessionClass>();
const answers = new Set(['Fetch.continueRequest', 'Fetch.fulfillRequest', 'Fetch.failRequest']);

/** Playwright before 1.63 takes one, and not a list. */
function nobodyAfter(own: readonly unknown[]): unknown {
  return Object.assign([...own, inert], inert);
}

const inert = { username: 'nobody', password: 'nobody', origin: 'https://nobody.invalid' };
