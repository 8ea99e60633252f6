import { expect, test } from '@playwright/test';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import { createFlowBrowsers } from '../../src/browser/flow-browser.js';
import { errorOf } from '../support/session-bench.js';

for (const [browserName, next] of [
  [
    'chromium',
    'Run "npx playwright install chromium", or set AUTH_SESSIONS_BROWSER to the path of a browser.',
  ],
  ['firefox', 'Run "npx playwright install firefox".'],
  ['webkit', 'Run "npx playwright install webkit".'],
] as const)
  test(`says what to do about a missing ${browserName}`, async () => {
    const plan: BrowserPlan = {
      ...{ browserName, launchOptions: { executablePath: '/nowhere/browser' } },
      ...{ connectOptions: undefined, contextOptions: {}, pageSettings: {} },
    };
    const browsers = createFlowBrowsers();
    const error = await errorOf(browsers.with(plan, () => Promise.resolve()));
    await browsers.close();
    expect(error.code).toBe('ERR_BROWSER_MISSING');
    expect(error.explanation.failed).toBe(`The browser that signs in (${browserName}) did not start.`);
    expect(error.explanation.known).toMatch(/\/nowhere\/browser\.$/);
    expect(error.explanation.next).toBe(next);
  });
