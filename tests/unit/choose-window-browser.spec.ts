import { expect, test } from '@playwright/test';
import { chooseWindowBrowser } from '../../fixtures/choose-window-browser.js';
import type { FoundBrowser } from '../../src/browser/find-browser.js';

const installed: FoundBrowser = { executablePath: '/usr/bin/chromium', source: 'installed' };

function chosen(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  found: FoundBrowser | undefined = installed,
) {
  const own = { ...env };
  const asked: (boolean | undefined)[] = [];
  chooseWindowBrowser({
    argv,
    env: own,
    find: (options) => {
      asked.push(options?.headless);
      return found;
    },
  });
  expect(asked.every((headless) => headless === false)).toBe(true);
  return own.AUTH_SESSIONS_BROWSER;
}

test('a run with --headed or --debug uses an installed browser that has windows', () => {
  expect(chosen(['node', 'playwright', 'test', '--headed'])).toBe('/usr/bin/chromium');
  // Playwright sets it for --debug, before the config is loaded.
  expect(chosen(['node', 'playwright', 'test', '--debug'], { PWDEBUG: '1' })).toBe('/usr/bin/chromium');
});

test('a headless run, a chosen browser and the browser of Playwright stay', () => {
  expect(chosen(['test'])).toBeUndefined();
  expect(chosen(['test'], { PWDEBUG: 'console' })).toBeUndefined();
  expect(chosen(['test', '--headed'], { AUTH_SESSIONS_BROWSER: '/opt/own' })).toBe('/opt/own');
  const own: FoundBrowser = { executablePath: undefined, source: 'playwright' };
  expect(chosen(['test', '--headed'], {}, own)).toBeUndefined();
});
