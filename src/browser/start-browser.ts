import type { Browser } from '@playwright/test';
import { asSentence } from '../core/as-sentence.js';
import { AuthSessionsError } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import type { BrowserPlan } from './browser-plan.js';
import { displayMissing, hasDisplay, speaksOfDisplay } from './display.js';
import { launchTrouble } from './launch-trouble.js';
import { loadPlaywright } from './load-playwright.js';

export interface StartBrowserOptions {
  /** Whether Playwright may close the browser and end this process at a signal. The broker handles signals itself. */
  readonly handlesSignals: boolean;
}

/** @throws AuthSessionsError `ERR_BROWSER_MISSING`, `ERR_BROWSER_FAILED`, `ERR_DISPLAY_MISSING` */
export async function startBrowser(
  {
    browserName,
    launchOptions,
    connectOptions,
  }: Pick<BrowserPlan, 'browserName' | 'launchOptions'> & Partial<Pick<BrowserPlan, 'connectOptions'>>,
  { handlesSignals }: StartBrowserOptions,
): Promise<Browser> {
  const playwright = loadPlaywright();
  try {
    if (connectOptions)
      return await playwright[browserName].connect(connectOptions.wsEndpoint, connectOptions);
    return await playwright[browserName].launch({
      ...launchOptions,
      ...(!handlesSignals && { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }),
    });
  } catch (error) {
    const what = handlesSignals ? 'The browser' : 'The browser that signs in';
    const env = launchOptions.env ?? process.env;
    const isWindow = launchOptions.headless === false && !hasDisplay(env);
    if (!connectOptions && isInstalled(error) && (isWindow || speaksOfDisplay(String(error))))
      throw displayMissing(`${what} (${browserName}) needs a display.`, env);
    throw didNotStart(`${what} (${browserName})`, { browserName, error });
  }
}

/** The session is added where it is known. AUTH_SESSIONS_BROWSER names a Chromium and no other browser. */
function didNotStart(
  what: string,
  { browserName, error }: Pick<BrowserPlan, 'browserName'> & { readonly error: unknown },
): AuthSessionsError {
  const { known, next } = launchTrouble(error, browserName);
  const install = `Run "npx playwright install ${browserName}"`;
  return new AuthSessionsError(isInstalled(error) ? 'ERR_BROWSER_FAILED' : 'ERR_BROWSER_MISSING', {
    failed: `${what} did not start.`,
    known: asSentence(known),
    next:
      next ??
      (browserName === 'chromium'
        ? `${install}, or set AUTH_SESSIONS_BROWSER to the path of a browser.`
        : `${install}.`),
  });
}

function isInstalled(error: unknown): boolean {
  return !/executable doesn't exist/i.test(firstLine(error));
}
