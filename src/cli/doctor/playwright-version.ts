import { createRequire } from 'node:module';
import path from 'node:path';
import { compareVersions } from './compare-versions.js';
import { ok, trouble, warning, type Check, type Told } from './finding.js';

/** Whether Playwright Test is installed, in a tested version. */
export const playwrightVersion: Check = {
  id: 'playwright-version',
  examine: ({ folder }) => examinePlaywright(installedVersion(folder)),
};

export function examinePlaywright(version: string | undefined): readonly Told[] {
  const tested = `Tested with ${oldestTested} to ${newestTested}.`;
  if (version === undefined)
    return [
      trouble('@playwright/test is not installed.', 'Run: npm install --save-dev @playwright/test', tested),
    ];
  if (compareVersions(version, `${oldestTested}.0`) < 0)
    return [
      trouble(
        `Playwright ${version} is too old.`,
        'Run: npm install --save-dev @playwright/test@latest',
        tested,
      ),
    ];
  const [major, minor] = version.split('.');
  if (compareVersions(`${major ?? ''}.${minor ?? ''}`, newestTested) > 0)
    return [
      warning(
        `Playwright ${version} is newer than the tested versions.`,
        'Update playwright-auth-sessions if a newer version exists. If a run fails, report it.',
        tested,
      ),
    ];
  return [ok(`Playwright ${version}`)];
}

function installedVersion(folder: string): string | undefined {
  try {
    const require = createRequire(path.join(folder, 'package.json'));
    return (require('@playwright/test/package.json') as { version: string }).version;
  } catch {
    return undefined;
  }
}

export const oldestTested = '1.62';
export const newestTested = '1.65';
