import { posix, win32 } from 'node:path';

/** Where a Chrome, Chromium or Edge is if it is installed, the preferred ones first: on the PATH and in the usual places. */
export function installedBrowserPaths(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  headless: boolean,
): readonly string[] {
  const path = pathOf(platform);
  const value = (name: string) => readVariable(env, name, platform);
  const under = (folders: readonly (string | undefined)[], places: readonly string[]) =>
    folders.filter(Boolean).flatMap((folder) => places.map((place) => path.join(folder ?? '', place)));
  if (platform === 'win32')
    return under([value('ProgramFiles'), value('ProgramFiles(x86)'), value('LOCALAPPDATA')], windowsPlaces);
  const onPath = under((value('PATH') ?? '').split(path.delimiter), [
    ...(headless ? [headlessShellCommand] : []),
    ...commandNames,
  ]);
  if (platform === 'darwin') {
    const home = value('HOME');
    return [...under(['/Applications', home && path.join(home, 'Applications')], macPlaces), ...onPath];
  }
  return [...onPath, ...linuxPlaces];
}

/** Variable names are case-insensitive on Windows, but not in a copy of the environment. */
function readVariable(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  platform: NodeJS.Platform,
): string | undefined {
  if (platform !== 'win32') return env[name];
  return Object.entries(env).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The path functions of a platform, which may be another than this one. */
export function pathOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

export const snapChromium = '/snap/bin/chromium';

/**
 * The command of Debian's package: what Playwright runs by default, with a third of the full browser's processor time.
 */
const headlessShellCommand = 'chromium-headless-shell';

const commandNames = [
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const linuxPlaces = [
  '/opt/google/chrome/chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/local/bin/chrome',
  '/usr/local/bin/chromium',
  '/usr/lib/chromium/chromium',
  snapChromium,
  '/opt/microsoft/msedge/msedge',
];

export const macPlaces = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const windowsPlaces = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
