import type { APIRequestContext, Browser, BrowserContext, BrowserContextOptions } from '@playwright/test';
import type { AuthSessionName } from '../../fixtures/register.js';
import { withOwnSignCounts } from '../browser/own-sign-counts.js';
import { startBrowser } from '../browser/start-browser.js';
import type { PlaywrightStorageState } from '../core/storage-state.js';
import type { ListedSession } from '../session/listed-session.js';
import type { CheckedSession } from '../wire/messages.js';
import { choosePlaces, type PlaceChoice } from './choose-places.js';
import { giveBack } from './give-back.js';
import { openContext, openRequest } from './open-context.js';
import type { ScriptBroker } from './script-broker.js';
import { createScriptHolds } from './script-holds.js';
import { readSessionRequest, type SessionRequest } from './session-request.js';
import { createWorkUntilEnd } from './work-until-end.js';

/** Playwright's options of a context that is signed in, which override those of its session. */
export interface ScriptContextOptions extends BrowserContextOptions {
  /** Opens the context in this browser. [a browser like the project's, started once and closed at the end] */
  readonly browser?: Browser;
}

/** The sessions of a suite, outside of its tests. */
export interface OpenedAuthSessions extends AsyncDisposable {
  /** The session's storage state, in Playwright's format. Anyone who has it is signed in: keep it in memory. */
  storageState(session: SessionRequest): Promise<PlaywrightStorageState>;
  /** Opens a browser context that is signed in as this session, with the project's options. */
  newContext(session: SessionRequest, options?: ScriptContextOptions): Promise<BrowserContext>;
  /** Opens a request context that is signed in as this session, with the project's options. */
  request(session: SessionRequest): Promise<APIRequestContext>;
  /** Asks whether the stored session is still signed in. Never signs in. */
  check(session: AuthSessionName): Promise<CheckedSession>;
  /** Signs in again, ignoring the stored session, which stays until then. */
  renew(session: AuthSessionName): Promise<void>;
  /** Marks the stored session as signed out, and signs out of it if its flow can. The next request signs in again. */
  invalidate(session: AuthSessionName): Promise<void>;
  /** The sessions and their stored state, at each base URL. Contains no values. */
  list(): Promise<readonly ListedSession[]>;
  /** Closes the contexts that are still open, and ends browser and broker. `await using` calls it. */
  close(): Promise<void>;
}

export interface OpenedOptions extends PlaceChoice {
  readonly signal?: AbortSignal | undefined;
}

/** @throws AuthSessionsError `ERR_USAGE` for an unknown project */
export async function createOpenedAuthSessions(
  broker: ScriptBroker,
  options: OpenedOptions,
): Promise<OpenedAuthSessions> {
  const { projects } = await broker.ask('/projects', {});
  const chosen = choosePlaces(projects, options);
  const holds = createScriptHolds(broker, chosen);
  const browsers: { own?: Promise<Browser> } = {};
  const { during, end } = createWorkUntilEnd(options.signal, async () => {
    await holds.endAll();
    await browsers.own?.then(
      (browser) => browser.close(),
      () => undefined,
    );
    await broker.end();
  });
  const placed = async (request: SessionRequest) => {
    const { name } = readSessionRequest(request);
    return { session: name, place: await holds.placeOf(name) };
  };

  return {
    storageState: (request) =>
      during(async () => {
        const held = await holds.take(request);
        // What the state is used for is not known.
        holds.endLater(() => giveBack(held, undefined));
        return withOwnSignCounts(held.session.state.playwright);
      }),
    newContext: (request, { browser, ...contextOptions } = {}) =>
      during(async () => {
        const held = await holds.take(request);
        const own = async () => (browsers.own ??= startBrowser(held.plan, { handlesSignals: true }));
        const context = await holds.orGiveBack(held, async () =>
          openContext(browser ?? (await own()), held, contextOptions),
        );
        holds.endLater(() => context.close());
        return context;
      }),
    request: (request) =>
      during(async () => {
        const held = await holds.take(request);
        const context = await holds.orGiveBack(held, () => openRequest(held));
        holds.endLater(() => context.dispose());
        return context;
      }),
    check: (request) => during(async () => broker.ask('/check', await placed(request))),
    renew: (request) =>
      during(async () => {
        await broker.ask('/retire', await placed(request));
        const held = await holds.take(request);
        await giveBack(held, held.session.state);
      }),
    invalidate: (request) =>
      during(async () => {
        const { stored } = await broker.ask('/stored', await placed(request));
        if (stored) await broker.ask('/invalidate', stored);
      }),
    list: () => during(async () => (await broker.ask('/list', { places: chosen.places })).sessions),
    close: end,
    [Symbol.asyncDispose]: end,
  };
}
