import type { BrowserContext } from '@playwright/test';
import { changeHeaders, listHeaders, type Header, type ReadHeaders } from '../core/sent-headers.js';
import { serverObjectOf } from './server-object.js';

/**
 * How Playwright sends the requests of pages. A header given to `route.continue` follows every redirect, so headers are
 * added where the browser pauses each request. Matches Playwright 1.65.1; tests/contract/sent-headers.spec.ts fails if
 * this changes. If these insides are missing, nothing is sent.
 */

/**
 * Adds headers to the requests of a context's pages, frames, popups, workers and service workers, at each hop. Returns
 * `false` if it cannot, as in other browsers than Chromium.
 */
export async function interceptPages(context: BrowserContext, read: ReadHeaders): Promise<boolean> {
  const inside = serverObjectOf(context);
  if (!isContextInside(inside)) return false;
  if (!interceptSessions(Object.getPrototypeOf(inside._browser._session) as SessionClass)) return false;
  contexts.set(inside, read);
  context.once('close', () => contexts.delete(inside));
  // Makes Chromium report each request before it is sent, without a route: those replace preflights. Nothing matches it.
  const { httpCredentials: own = [] } = inside._options;
  if (Array.isArray(own)) await inside.doSetHTTPCredentials(nobodyAfter(own));
  return true;
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
    headers: answer.headers ?? listHeaders(paused.request.headers),
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
  readonly request: { readonly url: string; readonly headers: Readonly<Record<string, string | undefined>> };
}

interface Answer {
  readonly requestId: string;
  readonly url?: string;
  readonly headers?: readonly Header[];
}

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
