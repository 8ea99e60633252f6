import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { browserMissing, closedNetworkArguments, findBrowser } from '../../src/browser/find-browser.js';
import type { FindBrowserOptions } from '../../src/browser/find-browser.js';

const registry = '/home/me/.cache/ms-playwright';
const full = `${registry}/chromium-1255/chrome-linux64/chrome`;
const shell = `${registry}/chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell`;
const chromium = '/usr/bin/chromium';

test('AUTH_SESSIONS_BROWSER comes before all others', () => {
  const found = find([shell, full, chromium, '/opt/mine/chrome'], {
    env: { AUTH_SESSIONS_BROWSER: '/opt/mine/chrome' },
  });
  expect(found).toEqual({ executablePath: '/opt/mine/chrome', source: 'AUTH_SESSIONS_BROWSER' });
});

test('AUTH_SESSIONS_BROWSER that cannot be run is an error, not a reason to take another', () => {
  const search = () => find([shell, chromium], { env: { AUTH_SESSIONS_BROWSER: '/opt/typo' } });
  expect(search).toThrow(AuthSessionsError);
  expect(search).toThrow(
    'AUTH_SESSIONS_BROWSER names "/opt/typo", which cannot be run. No executable file has this path. ' +
      'Set it to the full path of a Chromium or Chrome, such as "/usr/bin/chromium". Or unset it to search for ' +
      'one. [ERR_BROWSER_MISSING]',
  );
});

test('an empty AUTH_SESSIONS_BROWSER counts as unset', () => {
  expect(find([shell], { env: { AUTH_SESSIONS_BROWSER: '' } })?.source).toBe('playwright');
});

test("Playwright's own comes before an installed one, and needs no path", () => {
  expect(find([shell, chromium])).toEqual({ executablePath: undefined, source: 'playwright' });
});

test("Playwright's full Chromium serves without a headless shell, by its path", () => {
  expect(find([full, chromium])).toEqual({ executablePath: full, source: 'playwright' });
});

test("a headed run passes over Playwright's headless shell", () => {
  expect(find([shell, chromium], { headless: false })?.executablePath).toBe(chromium);
  expect(find([shell, full], { headless: false })).toEqual({
    executablePath: undefined,
    source: 'playwright',
  });
});

test('an installed browser is found on the PATH, then where it is usually put', () => {
  expect(find(['/nix/bin/chromium', '/opt/google/chrome/chrome'])).toEqual({
    executablePath: '/nix/bin/chromium',
    source: 'installed',
  });
  expect(find(['/opt/google/chrome/chrome'])?.executablePath).toBe('/opt/google/chrome/chrome');
  expect(find([chromium], { env: {} })?.executablePath).toBe(chromium);
});

test('a headless run takes an installed headless shell first, a headed run never', () => {
  const installed = [chromium, '/usr/bin/chromium-headless-shell'];
  expect(find(installed)?.executablePath).toBe('/usr/bin/chromium-headless-shell');
  expect(find(installed, { headless: false })?.executablePath).toBe(chromium);
});

test('an installed browser is found on macOS', () => {
  const path = '/Users/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const found = find([path], { platform: 'darwin', env: { HOME: '/Users/me' } });
  expect(found).toEqual({ executablePath: path, source: 'installed' });
});

test('an installed browser is found on Windows, however its variables are spelled', () => {
  const path = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
  const env = { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
  expect(find([path], { platform: 'win32', env })).toEqual({ executablePath: path, source: 'installed' });
});

test("Playwright's headless shell is found on Windows", () => {
  const windowsRegistry = 'C:\\Users\\me\\AppData\\Local\\ms-playwright';
  const found = find(
    [
      `${windowsRegistry}\\chromium_headless_shell-1255\\chrome-headless-shell-win64\\chrome-headless-shell.exe`,
    ],
    {
      platform: 'win32',
      playwrightBrowserPath: `${windowsRegistry}\\chromium-1255\\chrome-win64\\chrome.exe`,
    },
  );
  expect(found?.source).toBe('playwright');
});

test('nothing is found where there is nothing, and the error says what to run', () => {
  expect(find([])).toBeUndefined();
  expect(browserMissing('linux').message).toBe(
    'No browser was found. AUTH_SESSIONS_BROWSER is not set, Playwright has not installed its Chromium, and no ' +
      'Chrome, Chromium or Edge is on the PATH or in the usual places. Run "npx playwright install --with-deps ' +
      'chromium", or as root on Debian "apt-get install chromium", or set AUTH_SESSIONS_BROWSER to the path of a ' +
      'browser. [ERR_BROWSER_MISSING]',
  );
});

test('the found browser starts, with the arguments for a closed network, also as root', ({ browser }) => {
  expect(closedNetworkArguments).toHaveLength(5);
  expect(browser.isConnected()).toBe(true);
});

function find(executables: readonly string[], options: FindBrowserOptions = {}) {
  return findBrowser({
    env: { PATH: '/nix/bin:/usr/bin' },
    platform: 'linux',
    playwrightBrowserPath: full,
    isExecutable: (path) => executables.includes(path),
    ...options,
  });
}
