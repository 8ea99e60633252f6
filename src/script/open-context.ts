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
import { fateOfCookies, withCookies, type StorageState } from '../core/storage-state.js';
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
  carryAccess(context, state.access);
  await sendHeaders(context, state.headers);
  const restored = await restoreStorage(context, storage);
  const traffic = session.writeBack === 'test' ? watchTraffic(context) : undefined;
  beforeEnd(context, 'close', async () => {
    const state = traffic && (await takeState(context, { traffic, restored }));
    const cookies = state?.playwright.cookies ?? (await context.cookies());
    if (isGone(held, cookies)) await reportSignedOut(held);
    await giveBack(held, state);
  });
  return context;
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
  const {
    baseURL,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
    clientCertificates,
  } = optionsOf(held);
  const chosen = {
    baseURL,
    extraHTTPHeaders,
    httpCredentials,
    ignoreHTTPSErrors,
    proxy,
    userAgent,
    clientCertificates,
  };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const request = await loadPlaywright().request.newContext({ ...given, storageState: state.playwright });
  await sendHeaders(request, state.headers);
  beforeEnd(request, 'dispose', async () => {
    const { cookies } = withRequestCookies(state, (await request.storageState()).cookies).playwright;
    if (isGone(held, cookies)) await reportSignedOut(held);
    await giveBack(held, withCookies(state, cookies));
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

/** Runs `act` once before the target ends, at every way to end it. Its error must not keep the target open. */
function beforeEnd<Name extends 'close' | 'dispose'>(
  target: Readonly<Record<Name, End>>,
  name: Name,
  act: () => Promise<void>,
): void {
  const end = target[name].bind(target);
  let acted: Promise<void> | undefined;
  const ending: End = async (options) => {
    acted ??= act();
    try {
      await acted;
    } finally {
      await end(options);
    }
  };
  Object.assign(target, { [name]: ending });
}

type End = (options?: { reason?: string }) => Promise<void>;
