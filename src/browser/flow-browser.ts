import type { Browser } from '@playwright/test';
import { AuthSessionsError } from '../core/errors.js';
import { withPublicUrls } from '../core/public-url.js';
import type { BrowserPlan } from './browser-plan.js';
import { loadPlaywright } from './load-playwright.js';

/** Browsers for flows: one of a kind at a time, started when first needed, closed when a while unused. */
export interface FlowBrowsers {
  with<Result>(plan: BrowserPlan, work: (browser: Browser) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

interface Running {
  readonly browser: Promise<Browser>;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

const idleMs = 3000;

export function createFlowBrowsers(): FlowBrowsers {
  const running = new Map<string, Running>();
  const ending = new Set<Promise<void>>();

  function start(key: string, plan: BrowserPlan): Running {
    const started: Running = { browser: startBrowser(plan), users: 0, closing: undefined };
    running.set(key, started);
    started.browser.then(
      (browser) => browser.on('disconnected', () => running.get(key) === started && running.delete(key)),
      () => running.delete(key),
    );
    return started;
  }

  async function close(key: string, { browser }: Running): Promise<void> {
    running.delete(key);
    const end = browser.then(
      (one) => one.close(),
      () => undefined,
    );
    ending.add(end);
    await end.finally(() => ending.delete(end));
  }

  return {
    async with(plan, work) {
      const key = JSON.stringify([plan.browserName, plan.launchOptions, plan.connectOptions]);
      const one = running.get(key) ?? start(key, plan);
      clearTimeout(one.closing);
      one.users += 1;
      try {
        return await work(await one.browser);
      } finally {
        one.users -= 1;
        if (one.users === 0) one.closing = setTimeout(() => void close(key, one), idleMs).unref();
      }
    },
    async close() {
      for (const [key, one] of running) void close(key, one).catch(() => undefined);
      // Also those that somebody else has begun to close: a process that ends before leaves their files behind.
      await Promise.all(ending);
    },
  };
}

/** Signals are the broker's own business: Playwright would end the process at the first one. */
async function startBrowser({ browserName, launchOptions, connectOptions }: BrowserPlan): Promise<Browser> {
  const playwright = loadPlaywright();
  try {
    if (connectOptions)
      return await playwright[browserName].connect(connectOptions.wsEndpoint, connectOptions);
    return await playwright[browserName].launch({
      ...launchOptions,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw didNotStart(browserName, error);
  }
}

/** Whose sign-in it was is added where that is known. AUTH_SESSIONS_BROWSER names a Chromium and no other kind. */
function didNotStart(browserName: BrowserPlan['browserName'], error: unknown): AuthSessionsError {
  // The address of a remote browser may have a token in its query.
  const known = error instanceof Error ? withPublicUrls((error.message.split('\n', 1)[0] ?? '').trim()) : '';
  const isInstalled = !/executable doesn't exist/i.test(known);
  const install = `Run "npx playwright install ${browserName}"`;
  return new AuthSessionsError(isInstalled ? 'ERR_BROWSER_FAILED' : 'ERR_BROWSER_MISSING', {
    failed: `The browser that signs in (${browserName}) did not start.`,
    known: known === '' || /[.!?]$/.test(known) ? known : `${known}.`,
    next:
      browserName === 'chromium'
        ? `${install}, or set AUTH_SESSIONS_BROWSER to the path of a browser.`
        : `${install}.`,
  });
}
