import type { BrowserPlan } from '../../browser/browser-plan.js';
import { findBrowser } from '../../browser/find-browser.js';
import type { SessionPlace } from '../../core/ports.js';
import type { FoundSuite } from '../suite/find-suite.js';

/** The browser of the project that uses a place, in a resizable window unless a size is set. */
export function windowPlan({ projects }: Pick<FoundSuite, 'projects'>, place: SessionPlace): BrowserPlan {
  const own = projects.find(({ name }) => name === place.project) ?? projects[0];
  if (!own) throw new TypeError('a Playwright config has one project at least');
  const plan = headedPlan(own.plan);
  return { ...plan, contextOptions: { viewport: null, ...plan.contextOptions } };
}

/** The same browser with a window. Playwright's headless shell has none, so this finds the full Chromium. */
export function headedPlan(plan: BrowserPlan): BrowserPlan {
  const { browserName, connectOptions } = plan;
  const launchOptions = { ...plan.launchOptions, headless: false };
  const isChosen = browserName !== 'chromium' || [connectOptions, launchOptions.channel].some(Boolean);
  const own = launchOptions.executablePath;
  const isShell = own !== undefined && /headless[-_]shell/.test(own);
  if (isChosen || (own !== undefined && !isShell)) return { ...plan, launchOptions };
  const { executablePath } = findBrowser({ headless: false }) ?? {};
  const others = Object.entries(launchOptions).filter(([name]) => name !== 'executablePath');
  return {
    ...plan,
    launchOptions: { ...Object.fromEntries(others), ...(executablePath !== undefined && { executablePath }) },
  };
}

/** The same browser with a window that a person can follow. */
export function slowPlan(plan: BrowserPlan): BrowserPlan {
  const headed = headedPlan(plan);
  return { ...headed, launchOptions: { slowMo: slowMs, ...headed.launchOptions } };
}

const slowMs = 250;
