import { chromium, expect, test, type Browser, type LaunchOptions } from '@playwright/test';
import { disableFeatures } from '../../src/browser/device-binding.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import { createFlowBrowsers, type FlowBrowsers } from '../../src/browser/flow-browser.js';
import { defaultArgumentsOf } from '../../src/browser/playwright-arguments.js';
import { createPagesSite, type PagesSite } from '../support/pages-site.js';

/** The whole browser: a headless shell has no device-bound sessions at all. */
const { executablePath } = findBrowser({ headless: false }) ?? {};
/** Keys in software take the place of a chip, which this machine may lack. */
const binding =
  '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting';

let browsers: FlowBrowsers;
let site: PagesSite;

test.beforeAll(async () => {
  browsers = createFlowBrowsers();
  site = await createPagesSite();
});

test.afterAll(async () => {
  await browsers.close();
  await site.close();
});

test('a browser that signs in takes no part in device-bound sessions', async () => {
  const options = launchOptions({ args: [binding, '--disable-features=Translate'] });
  const plain = await chromium.launch(options);
  const canBind = await takesPart(plain);
  await plain.close();
  test.skip(!canBind, 'this browser has no device-bound sessions');
  const [usual = ''] = (await defaultArgumentsOf(chromium))?.filter((one) => one.startsWith(disable)) ?? [];

  await signingIn(options, async (browser) => {
    expect(await takesPart(browser)).toBe(false);
    expect(await disabledIn(browser)).toEqual(['Translate', ...bound]);
  });
  await signingIn(launchOptions(), async (browser) => {
    expect(await disabledIn(browser)).toEqual([...usual.slice(disable.length).split(','), ...bound]);
  });
});

test('Playwright lists the features that it disables', async () => {
  expect(await defaultArgumentsOf(chromium)).toContainEqual(
    expect.stringMatching(/^--disable-features=\w+(,\w+)+$/),
  );
});

test('the last switch that disables features names those of the switch before it', () => {
  const defaults = ['--headless', '--disable-features=A,B'];
  const disabled = (options: LaunchOptions) => disableFeatures(options, { defaults, features: ['X'] }).args;
  expect(disabled({})).toEqual(['--disable-features=A,B,X']);
  expect(disabled({ args: ['--disable-features=C', '--mute-audio'] })).toEqual([
    '--disable-features=C',
    '--mute-audio',
    '--disable-features=C,X',
  ]);
  expect(disabled({ args: ['--disable-features=X,'] })?.at(-1)).toBe('--disable-features=X');
  expect(disabled({ ignoreDefaultArgs: true })).toEqual(['--disable-features=X']);
  expect(disabled({ ignoreDefaultArgs: ['--disable-features=A,B'] })).toEqual(['--disable-features=X']);
  expect(disableFeatures({ channel: 'chrome', ignoreDefaultArgs: true }, { defaults, features: [] })).toEqual(
    {
      channel: 'chrome',
      ignoreDefaultArgs: true,
      args: ['--disable-features='],
    },
  );
});

const disable = '--disable-features=';
const bound = ['DeviceBoundSessions', 'EnableBoundSessionCredentials'];

function launchOptions(options: LaunchOptions = {}): LaunchOptions {
  return { ...(executablePath === undefined ? { channel: 'chromium' } : { executablePath }), ...options };
}

async function signingIn(options: LaunchOptions, work: (browser: Browser) => Promise<void>): Promise<void> {
  await browsers.with(
    {
      browserName: 'chromium',
      launchOptions: options,
      connectOptions: undefined,
      contextOptions: {},
      pageSettings: {},
    },
    work,
  );
}

/** Only a browser that takes part lists its bound sessions. */
async function takesPart(browser: Browser): Promise<boolean> {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  let listed = false;
  session.on('Network.deviceBoundSessionsAdded', () => (listed = true));
  await session.send('Network.enable');
  await session.send('Network.enableDeviceBoundSessions', { enable: true });
  // The list comes from the process that loads pages.
  for (let round = 0; round < 3; round += 1) await page.goto(site.origin('app') + site.page('loaded'));
  await page.close();
  return listed;
}

/** Of several switches, Chromium obeys the last. */
async function disabledIn(browser: Browser): Promise<string[]> {
  const session = await browser.newBrowserCDPSession();
  const { commandLine } = await session.send('SystemInfo.getInfo');
  const switches = [...commandLine.matchAll(/--disable-features=(\S*)/g)].map(([, names = '']) => names);
  return switches.at(-1)?.split(',') ?? [];
}
