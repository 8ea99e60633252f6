import { expect, test } from '@playwright/test';
import { createFlowBrowsers, type FlowBrowsers } from '../../src/browser/flow-browser.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import type { StorageState } from '../../src/core/storage-state.js';
import { createFlowRunner } from '../../src/flow/flow-runner.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession } from '../support/declared-session.js';
import { createPagesSite, type PagesSite } from '../support/pages-site.js';

let site: PagesSite;
let browsers: FlowBrowsers;
let app: string;
let idp: string;
let blank: string;

test.beforeAll(async () => {
  site = await createPagesSite();
  browsers = createFlowBrowsers();
  blank = site.page('<p>blank');
  app = site.origin('app');
  idp = site.origin('idp');
});

test.afterAll(async () => {
  await browsers.close();
  await site.close();
});

test('a check and a renewal keep the sessionStorage of origins that they do not visit', async () => {
  const from = stateWith({ [app]: 'tab of app', [idp]: 'tab of idp' });
  const flow: AuthFlow<string> = {
    create: async ({ page }) => void (await page.goto(app + blank)),
    check: async ({ page }) => {
      await page.goto(app + blank);
      return page.evaluate(() => sessionStorage.getItem('tab') === 'tab of app');
    },
  };
  const runner = runnerOf();
  const checked = await runner.check({ ...jobOf(flow), from });
  expect([checked.signedIn, tabsOf(checked.state)]).toEqual([true, tabsOf(from)]);
  expect(tabsOf(await runner.create({ ...jobOf(flow), ...signIn, from }))).toEqual(tabsOf(from));
});

test('a check that signs out of a tab does not bring back what the tab had', async () => {
  const flow: AuthFlow<string> = {
    create: () => Promise.resolve(),
    check: async ({ page }) => {
      await page.goto(app + blank);
      await page.evaluate(() => sessionStorage.clear());
      return false;
    },
  };
  const from = stateWith({ [app]: 'tab of app', [idp]: 'tab of idp' });
  const { state } = await runnerOf().check({ ...jobOf(flow), from });
  expect(tabsOf(state)).toEqual({ [idp]: 'tab of idp' });
});

const signIn = { values: {}, nextCode: () => Promise.resolve('123456') };

function jobOf(flow: AuthFlow<string>) {
  return {
    session: declareSession({ flow, baseURL: app, checkAttempts: 1 }),
    place: { baseURL: app, project: undefined },
    signal: new AbortController().signal,
  };
}

function runnerOf(plan: Partial<BrowserPlan> = {}) {
  const executablePath = findBrowser()?.executablePath;
  return createFlowRunner({
    browsers,
    planFor: () => ({
      browserName: 'chromium',
      launchOptions: executablePath === undefined ? {} : { executablePath },
      connectOptions: undefined,
      contextOptions: {},
      pageSettings: {},
      ...plan,
    }),
    redactor: createRedactor(),
    clock: systemClock,
    debugging: false,
  });
}

function stateWith(tabs: Readonly<Record<string, string>>): StorageState {
  return {
    playwright: { cookies: [], origins: [] },
    sessionStorage: Object.entries(tabs).map(([origin, value]) => ({
      origin,
      items: [{ name: 'tab', value }],
    })),
  };
}

function tabsOf({ sessionStorage }: StorageState): Record<string, string | undefined> {
  return Object.fromEntries(sessionStorage.map(({ origin, items }) => [origin, items[0]?.value]));
}
