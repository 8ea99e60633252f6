import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';

/**
 * Makes sure that there is a browser to run, and installs one if not: Playwright's own, or the
 * system's package where that is possible. Needs the packages installed.
 *
 * @param {{ root: string, say?: (line: string) => void, tellWhich?: boolean }} options
 */
export async function ensureBrowser({ root, say = console.log, tellWhich = false }) {
  const { findBrowser, browserMissing } = await loadFinder(root);
  const found = findBrowser();
  if (found && !tellWhich) return;
  for (const install of found ? [] : waysToInstall(root)) {
    say(`${install.says} …`);
    const { code, output } = await install.run();
    if (code === 0 && findBrowser()) break;
    say(`That did not work: ${tellingLine(output)}`);
  }
  const browser = findBrowser();
  if (!browser) throw browserMissing();
  say(`Browser: ${describe(browser)}.`);
}

/**
 * @param {string} root
 * @returns {Promise<typeof import('../../src/browser/find-browser.js')>}
 */
async function loadFinder(root) {
  const { createJiti } = await import('jiti');
  return createJiti(import.meta.url, { fsCache: false }).import(
    join(root, 'src', 'browser', 'find-browser.ts'),
  );
}

/**
 * @typedef {{ says: string, run: () => Promise<{ code: number, output: string }> }} Install
 * @param {string} root
 * @returns {Install[]}
 */
function waysToInstall(root) {
  const isRoot = process.getuid?.() === 0;
  const playwright = (/** @type {string[]} */ args) =>
    run(process.execPath, [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'install', ...args], {
      cwd: root,
      quiet: true,
      timeoutMs: installTimeoutMs,
      ownGroup: isRoot,
    });
  const withLibraries = {
    says: `Installing a browser with "npx playwright install --with-deps chromium"${isRoot ? '' : ', which may ask for your password'}`,
    run: () => playwright(['--with-deps', 'chromium']),
  };
  const withoutLibraries = {
    says: 'Installing a browser with "npx playwright install chromium"',
    run: () => playwright(['chromium']),
  };
  const withApt = { says: 'Installing a browser with "apt-get install chromium"', run: installWithApt };
  if (process.platform !== 'linux') return [withLibraries];
  if (!isRoot) return [withLibraries, withoutLibraries];
  return isDebianOrUbuntu() ? [withLibraries, withApt] : [withLibraries];
}

async function installWithApt() {
  const options = {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    quiet: true,
    timeoutMs: installTimeoutMs,
    ownGroup: true,
  };
  await run('apt-get', ['update'], options); // a failure here shows in the next line
  return run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
}

function isDebianOrUbuntu() {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * The line of a long output that says why.
 *
 * @param {string} output
 */
function tellingLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /^(Error|E|sudo|su):/.test(line)) ?? lines.at(-1) ?? 'it took too long.';
}

/** @param {import('../../src/browser/find-browser.js').FoundBrowser} browser */
function describe({ executablePath, source }) {
  if (source === 'AUTH_SESSIONS_BROWSER') return `${executablePath}, from AUTH_SESSIONS_BROWSER`;
  if (source === 'playwright') return "Playwright's own Chromium";
  return `${executablePath}, found on this machine`;
}

const installTimeoutMs = 300_000;
