import type { LaunchOptions } from '@playwright/test';
import type { BrowserPlan } from './browser-plan.js';
import { loadPlaywright } from './load-playwright.js';
import { defaultArgumentsOf } from './playwright-arguments.js';

/**
 * Launch options of a browser that signs in: Chromium then ignores an application that asks for a device-bound session,
 * and the application keeps to ordinary cookies, which tests can use. https://w3c.github.io/webappsec-dbsc/
 */
export async function withoutDeviceBinding({
  browserName,
  launchOptions,
}: Pick<BrowserPlan, 'browserName' | 'launchOptions'>): Promise<LaunchOptions> {
  if (browserName !== 'chromium') return launchOptions;
  const defaults = await defaultArgumentsOf(loadPlaywright().chromium);
  // Without Playwright's own features, the switch would turn them on again.
  return defaults ? disableFeatures(launchOptions, { defaults, features: bindingFeatures }) : launchOptions;
}

/** Whether the browser of a plan may bind a session: its features cannot be chosen from here. */
export async function canBindToDevice({ browserName, connectOptions }: BrowserPlan): Promise<boolean> {
  if (browserName !== 'chromium') return false;
  return connectOptions !== undefined || !(await defaultArgumentsOf(loadPlaywright().chromium));
}

export interface DisableFeaturesOptions {
  /** What Playwright passes by itself. */
  readonly defaults: readonly string[];
  readonly features: readonly string[];
}

/** Chromium obeys only the last `--disable-features`, so one switch names the features of all. */
export function disableFeatures(
  { args = [], ignoreDefaultArgs = false, ...options }: LaunchOptions,
  { defaults, features }: DisableFeaturesOptions,
): LaunchOptions {
  const ignored = Array.isArray(ignoreDefaultArgs) ? ignoreDefaultArgs : [];
  const kept = ignoreDefaultArgs === true ? [] : defaults.filter((one) => !ignored.includes(one));
  const obeyed = [...kept, ...args].findLast((one) => one.startsWith(disable))?.slice(disable.length) ?? '';
  const all = new Set([...obeyed.split(',').filter((one) => one !== ''), ...features]);
  return { ...options, ignoreDefaultArgs, args: [...args, disable + [...all].join(',')] };
}

/** The standard's, and that of Google's own sites before it. */
const bindingFeatures = ['DeviceBoundSessions', 'EnableBoundSessionCredentials'];
const disable = '--disable-features=';
