import { writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import { startBrowser } from '../../src/browser/start-browser.js';
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

for (const [said, known, next] of [
  [
    'chrome: error while loading shared libraries: libnss3.so: cannot open shared object file',
    'The system lacks libraries that it needs, such as libnss3.so.',
    'Install them, as root: npx playwright install-deps chromium',
  ],
  [
    '[1:1:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox!',
    'Its sandbox does not work on this system.',
    'Allow unprivileged user namespaces, or set chromiumSandbox: false in launchOptions.',
  ],
  [
    'it has no room left',
    'It said: it has no room left.',
    'Run "npx playwright install chromium", or set AUTH_SESSIONS_BROWSER to the path of a browser.',
  ],
] as const)
  test(`a browser that ends at once says why: ${known}`, async ({}, testInfo) => {
    test.skip(process.platform === 'win32', 'the browser is a script of the shell');
    const executablePath = testInfo.outputPath('browser');
    await writeFile(executablePath, `#!/bin/sh\necho '${said}' >&2\nexit 127\n`, { mode: 0o755 });
    const error = await errorOf(
      startBrowser({ browserName: 'chromium', launchOptions: { executablePath } }, { handlesSignals: false }),
    );
    expect(error.code).toBe('ERR_BROWSER_FAILED');
    expect(error.explanation).toMatchObject({ known, next });
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
