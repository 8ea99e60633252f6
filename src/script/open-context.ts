import type { APIRequestContext, Browser, BrowserContext, BrowserContextOptions } from '@playwright/test';
import { accessOptions, carryAccess } from '../browser/access-options.js';
import { captureState } from '../browser/capture-state.js';
import { loadPlaywright } from '../browser/load-playwright.js';
import { planRestore } from '../browser/plan-restore.js';
import { requireSameEngine } from '../browser/require-same-engine.js';
import { restoreStorage, type RestoredStorage } from '../browser/restore-storage.js';
import { sendHeaders } from '../browser/send-headers.js';
import { watchTraffic, type Traffic } from '../browser/watch-traffic.js';
import { withRequestCookies } from '../core/partitioned-cookies.js';
import { fateOfCookies, type StorageState } from '../core/storage-state.js';
import type { ProjectPlan } from '../wire/messages.js';
import { giveBack, reportSignedOut, type HeldByScript } from './give-back.js';

export interface OpenedByScript extends HeldByScript {
  readonly plan: ProjectPlan;
}

/**
 * Opens a context that is signed in. When it closes, the session is given back first, with the state that the context
 * has then.
 */
export async function openContext(
  browser: Browser,
  held: OpenedByScript,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const { session, plan } = held;
  const { state } = session;
  const browserName = browser.browserType().name();
  requireSameEngine(session, browserName);
  const all = { ...optionsOf(held), ...options };
  const { playwright, storage } = planRestore(state, {
    restore: session.restore,
    browserName,
    javaScriptEnabled: all.javaScriptEnabled ?? plan.contextOptions.javaScriptEnabled,
  });
  const context = await browser.newContext({ ...all, storageState: playwright });
  try {
    carryAccess(context, state.access);
    await sendHeaders(context, state.headers);
    const restored = await restoreStorage(context, storage);
    const traffic = session.writeBack === 'test' ? watchTraffic(context) : undefined;
    giveBackBeforeEnd(context, 'close', {
      held,
      takeState: async () => traffic && takeState(context, { traffic, restored }),
      takeCookies: async () => context.cookies(),
    });
    return context;
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** The state that no page changes any more. `undefined` if an answer is still out, which may bring another one. */
async function takeState(
  context: BrowserContext,
  { traffic, restored }: { readonly traffic: Traffic; readonly restored: RestoredStorage },
): Promise<StorageState | undefined> {
  const isQuiet = await traffic.stop();
  return isQuiet ? captureState(context, { restored }) : undefined;
}

/** Opens a request context that is signed in. It is given back like a context. */
export async function openRequest(held: OpenedByScript): Promise<APIRequestContext> {
  const { session } = held;
  const { state } = session;
  const all = optionsOf(held);
  const given = Object.fromEntries(
    requestOptionNames.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
  const request = await loadPlaywright().request.newContext({ ...given, storageState: state.playwright });
  await sendHeaders(request, state.headers);
  const takeState = async () => withRequestCookies(state, (await request.storageState()).cookies);
  giveBackBeforeEnd(request, 'dispose', {
    held,
    takeState,
    takeCookies: async () => (await takeState()).playwright.cookies,
  });
  return request;
}

/** The session's options override the project's, as in tests. */
function optionsOf({ session, plan }: OpenedByScript): BrowserContextOptions {
  return {
    ...plan.contextOptions,
    ...session.contextOptions,
    ...accessOptions(session.state.access),
    ...(session.baseURL !== undefined && { baseURL: session.baseURL }),
    ...(session.proxy && { proxy: session.proxy }),
  };
}

function isGone({ session }: HeldByScript, cookies: Parameters<typeof fateOfCookies>[1]): boolean {
  return fateOfCookies(session.state, cookies, Date.now()) === 'gone';
}

interface GivenBack {
  readonly held: HeldByScript;
  /** `undefined` if the session is not written back, or if its state is not known. */
  readonly takeState: () => Promise<StorageState | undefined>;
  readonly takeCookies: () => Promise<StorageState['playwright']['cookies']>;
}

/**
 * Gives a session back once, before its context ends at `close` or `dispose`. If the context has ended before, with its
 * browser, its state is not known.
 */
function giveBackBeforeEnd<Name extends 'close' | 'dispose'>(
  target: Readonly<Record<Name, End>>,
  name: Name,
  { held, takeState, takeCookies }: GivenBack,
): void {
  const end = target[name].bind(target);
  let given: Promise<void> | undefined;
  const give = async (): Promise<void> => {
    const state = await takeState().catch(() => undefined);
    const cookies = state?.playwright.cookies ?? (await takeCookies().catch(() => undefined));
    if (cookies && isGone(held, cookies)) await reportSignedOut(held);
    await giveBack(held, state);
  };
  const ending: End = async (options) => {
    given ??= give();
    try {
      await given;
    } finally {
      await end(options);
    }
  };
  Object.assign(target, { [name]: ending });
}

type End = (options?: { reason?: string }) => Promise<void>;

/** Context options that Playwright's request contexts take, too. */
const requestOptionNames = [
  'baseURL',
  'extraHTTPHeaders',
  'httpCredentials',
  'ignoreHTTPSErrors',
  'proxy',
  'userAgent',
  'clientCertificates',
] as const satisfies readonly (keyof BrowserContextOptions)[];
