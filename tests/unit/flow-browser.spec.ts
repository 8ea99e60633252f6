import { expect, test } from '@playwright/test';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import { findBrowser } from '../../src/browser/find-browser.js';
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

test('a browser with a window says that it needs a display', async () => {
  test.skip(process.platform !== 'linux', 'other systems have a display');
  for (const [env, known] of [
    [{}, 'Neither DISPLAY nor WAYLAND_DISPLAY is set.'],
    [{ DISPLAY: ':987' }, 'Nothing answers at the display ":987".'],
  ] as const) {
    const executablePath = findBrowser({ headless: false })?.executablePath;
    const plan: BrowserPlan = {
      ...{ browserName: 'chromium', connectOptions: undefined, contextOptions: {}, pageSettings: {} },
      launchOptions: { headless: false, env, ...(executablePath !== undefined && { executablePath }) },
    };
    const browsers = createFlowBrowsers();
    const error = await errorOf(browsers.with(plan, () => Promise.resolve()));
    await browsers.close();
    expect(error.code).toBe('ERR_DISPLAY_MISSING');
    expect(error.explanation).toMatchObject({
      failed: 'The browser that signs in (chromium) needs a display.',
      known,
    });
    expect(error.explanation.next).toContain('xvfb-run');
  }
});
