import { expect, test } from '@playwright/test';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import { headedPlan, windowPlan } from '../../src/cli/engine/headed-plan.js';

const plan: BrowserPlan = {
  browserName: 'chromium',
  launchOptions: {},
  connectOptions: undefined,
  contextOptions: {},
  pageSettings: {},
};

test('a browser that is chosen keeps what it is, and gets a window', () => {
  const chosen: readonly BrowserPlan[] = [
    { ...plan, launchOptions: { executablePath: '/opt/browser', args: ['--own'] } },
    { ...plan, launchOptions: { channel: 'msedge' } },
    { ...plan, browserName: 'firefox' },
  ];
  for (const one of chosen)
    expect(headedPlan(one)).toEqual({ ...one, launchOptions: { ...one.launchOptions, headless: false } });
});

test("Playwright's headless shell, which has no window, is never the browser of one", () => {
  const shell = '/browsers/chromium_headless_shell-1/chrome-linux/headless_shell';
  const { launchOptions } = headedPlan({ ...plan, launchOptions: { executablePath: shell, slowMo: 5 } });
  expect(launchOptions).toMatchObject({ headless: false, slowMo: 5 });
  expect(launchOptions.executablePath ?? '').not.toMatch(/headless/);
});

test('a window is as large as a person makes it, where the project says nothing of it', () => {
  const viewport = { width: 400, height: 300 };
  const projects = [
    { name: 'wide', plan, baseURL: undefined },
    { name: 'narrow', plan: { ...plan, contextOptions: { viewport, locale: 'de' } }, baseURL: undefined },
  ];
  const of = (project: string) => windowPlan({ projects }, { project, baseURL: undefined }).contextOptions;
  expect(of('wide')).toEqual({ viewport: null });
  expect(of('narrow')).toEqual({ viewport, locale: 'de' });
});
