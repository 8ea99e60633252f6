import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { AuthSessionsError } from '../core/errors.js';
import { installedBrowserPaths, macPlaces, pathOf, snapChromium } from './installed-browser-paths.js';

/** A browser to run, and why it was chosen. */
export interface FoundBrowser {
  /** For `launchOptions.executablePath`; `undefined` lets Playwright find it. */
  readonly executablePath: string | undefined;
  readonly source: 'AUTH_SESSIONS_BROWSER' | 'playwright' | 'installed';
}

/** Inputs of the search. Defaults: this process's own. */
export interface FindBrowserOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  /** Headed runs need Playwright's full Chromium, not its headless shell. */
  readonly headless?: boolean | undefined;
  /** The path of Playwright's full Chromium, installed or not: `chromium.executablePath()`. */
  readonly playwrightBrowserPath?: string | undefined;
  readonly isExecutable?: ((path: string) => boolean) | undefined;
}

/**
 * Finds a Chromium to run: `AUTH_SESSIONS_BROWSER`, or Playwright's own, or an installed Chrome, Chromium or
 * Edge, on the PATH or in the usual places. `undefined` if none is found.
 *
 * `channel: 'chrome'` looks in one place only, and misses `/usr/bin/chromium`.
 *
 * @throws AuthSessionsError `ERR_BROWSER_MISSING` when `AUTH_SESSIONS_BROWSER` names no executable file
 * @example
 * const browser = findBrowser();
 * if (browser?.executablePath) use.launchOptions = { executablePath: browser.executablePath };
 */
export function findBrowser(options: FindBrowserOptions = {}): FoundBrowser | undefined {
  const { env = process.env, platform = process.platform, headless = true } = options;
  const { isExecutable = isExecutableBrowser } = options;
  const chosen = env.AUTH_SESSIONS_BROWSER;
  if (chosen) {
    if (!isExecutable(chosen)) throw chosenBrowserMissing(chosen, platform);
    return { executablePath: chosen, source: 'AUTH_SESSIONS_BROWSER' };
  }
  const fullPath = options.playwrightBrowserPath ?? askPlaywright();
  const shellThere = headless && headlessShellPaths(fullPath, platform).some((path) => isExecutable(path));
  if (shellThere) return { executablePath: undefined, source: 'playwright' };
  if (fullPath !== undefined && isExecutable(fullPath))
    return { executablePath: headless ? fullPath : undefined, source: 'playwright' };
  const installed = installedBrowserPaths(env, platform, headless).find((path) => isExecutable(path));
  return installed === undefined ? undefined : { executablePath: installed, source: 'installed' };
}

/** The error if `findBrowser` finds nothing. */
export function browserMissing(platform: NodeJS.Platform = process.platform): AuthSessionsError {
  return new AuthSessionsError('ERR_BROWSER_MISSING', {
    failed: 'No browser was found.',
    known:
      'AUTH_SESSIONS_BROWSER is not set, Playwright has not installed its Chromium, and no Chrome, Chromium or ' +
      'Edge is on the PATH or in the usual places.',
    next: `Run "npx playwright install --with-deps chromium"${installHint(platform)}, or set AUTH_SESSIONS_BROWSER to the path of a browser.`,
  });
}

/**
 * Where Playwright looks for its default headless shell: next to its full Chromium, in the two layouts it has used. It
 * has no API for this; tests/integration/bootstrap.spec.ts compares the paths with its error when the shell is missing.
 */
export function headlessShellPaths(
  fullChromiumPath: string | undefined,
  platform: NodeJS.Platform,
): readonly string[] {
  const parts = /^(.*[\\/])chromium([^\\/]*-\d+)[\\/]chrome-([^\\/]+)[\\/]/.exec(fullChromiumPath ?? '');
  if (!parts) return [];
  const [, registry = '', revision = '', system = ''] = parts;
  const path = pathOf(platform);
  const folder = path.join(registry, `chromium_headless_shell${revision}`);
  const suffix = platform === 'win32' ? '.exe' : '';
  return [
    path.join(folder, `chrome-headless-shell-${system}`, `chrome-headless-shell${suffix}`),
    path.join(folder, `chrome-${system}`, `headless_shell${suffix}`),
  ];
}

/**
 * Stops the browser's own network requests, which only slow it down on a closed network. Playwright passes all but the
 * first by default, and `--no-sandbox`; a launch with `ignoreDefaultArgs` has none of them.
 */
export const closedNetworkArguments: readonly string[] = [
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function chosenBrowserMissing(path: string, platform: NodeJS.Platform): AuthSessionsError {
  return new AuthSessionsError('ERR_BROWSER_MISSING', {
    failed: `AUTH_SESSIONS_BROWSER names ${JSON.stringify(path)}, which cannot be run.`,
    known: 'No executable file has this path.',
    next: `Set it to the full path of a Chromium or Chrome, such as ${JSON.stringify(examplePath(platform))}. Or unset it to search for one.`,
  });
}

function askPlaywright(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined; // Playwright has no Chromium for this system
  }
}

function isExecutableBrowser(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && !isEmptySnapStub(path);
  } catch {
    return false;
  }
}

/** Ubuntu's `chromium-browser` package is only a script that asks to install a snap. */
function isEmptySnapStub(path: string): boolean {
  if (!path.endsWith('chromium-browser') || existsSync(snapChromium) || statSync(path).size > 10_000)
    return false;
  return readFileSync(path, 'utf8').includes(snapChromium);
}

function installHint(platform: NodeJS.Platform): string {
  if (platform !== 'linux') return ', install Chrome';
  return ', or as root on Debian "apt-get install chromium"';
}

function examplePath(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
  return platform === 'darwin' ? `/Applications/${macPlaces[0] ?? ''}` : '/usr/bin/chromium';
}
