import type { Browser } from '@playwright/test';
import type { BrowserPlan } from './browser-plan.js';
import { withoutDeviceBinding } from './device-binding.js';
import { startBrowser } from './start-browser.js';

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
    const started: Running = {
      browser: startForSignIn(plan),
      users: 0,
      closing: undefined,
    };
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

async function startForSignIn(plan: BrowserPlan): Promise<Browser> {
  const launchOptions = await withoutDeviceBinding(plan);
  return startBrowser({ ...plan, launchOptions }, { handlesSignals: false });
}
