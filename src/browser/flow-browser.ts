import type { Browser } from '@playwright/test';
import { asSentence } from '../core/as-sentence.js';
import { AuthSessionsError } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import { withPublicUrls } from '../core/public-url.js';
import type { BrowserPlan } from './browser-plan.js';
import { withoutDeviceBinding } from './device-binding.js';
import { loadPlaywright } from './load-playwright.js';

/** Browsers for flows: one of each kind, started on first use, and closed when unused for a while. */
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
      // Includes those that are already closing: otherwise their files would stay behind.
      await Promise.all(ending);
    },
  };
}

/** The broker handles signals itself: Playwright would end the process at the first one. */
async function startBrowser({ browserName, launchOptions, connectOptions }: BrowserPlan): Promise<Browser> {
  const playwright = loadPlaywright();
  try {
    if (connectOptions)
      return await playwright[browserName].connect(connectOptions.wsEndpoint, connectOptions);
    const type = playwright[browserName];
    return await type.launch({
      ...(await withoutDeviceBinding(type, launchOptions)),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw didNotStart(browserName, error);
  }
}

/** The session is added where it is known. AUTH_SESSIONS_BROWSER names a Chromium and no other browser. */
function didNotStart(browserName: BrowserPlan['browserName'], error: unknown): AuthSessionsError {
  // A remote browser's URL may contain a token in its query.
  const known = withPublicUrls(firstLine(error));
  const isInstalled = !/executable doesn't exist/i.test(known);
  const install = `Run "npx playwright install ${browserName}"`;
  return new AuthSessionsError(isInstalled ? 'ERR_BROWSER_FAILED' : 'ERR_BROWSER_MISSING', {
    failed: `The browser that signs in (${browserName}) did not start.`,
    known: asSentence(known),
    next:
      browserName === 'chromium'
        ? `${install}, or set AUTH_SESSIONS_BROWSER to the path of a browser.`
        : `${install}.`,
  });
}
