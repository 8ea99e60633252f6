import { accessSync, constants } from 'node:fs';
import type { BrowserPlan } from '../../browser/browser-plan.js';
import { browserMissing, findBrowser } from '../../browser/find-browser.js';
import { AuthSessionsError } from '../../core/errors.js';
import { withTemporaryFolder } from '../files/with-temporary-folder.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, troubleOf, type Check, type Told } from './finding.js';

/** Whether each kind of browser that the project's tests use is available. */
export const browser: Check = {
  id: 'browser',
  async examine({ description }) {
    if (!isThere(description)) return [];
    const plans = new Map(description.is.projects.map(({ plan }) => [keyOf(plan), plan]));
    return Promise.all([...plans.values()].map(examineBrowser));
  },
};

function keyOf({ browserName, launchOptions, connectOptions }: BrowserPlan): string {
  return JSON.stringify([
    browserName,
    launchOptions.channel,
    launchOptions.executablePath,
    connectOptions?.wsEndpoint,
  ]);
}

export async function examineBrowser(plan: BrowserPlan): Promise<Told> {
  const { browserName, launchOptions, connectOptions } = plan;
  if (connectOptions) return ok(`Browser: ${browserName}, remote`);
  const { executablePath, channel } = launchOptions;
  if (executablePath !== undefined) return examinePath(browserName, executablePath);
  if (channel !== undefined) return examineChannel(browserName, channel, launchOptions);
  if (browserName === 'chromium') return examineChromium();
  const playwright = await import('@playwright/test');
  const own = playwright[browserName].executablePath();
  if (isExecutable(own)) return ok(`Browser: ${browserName}`);
  return trouble(`${browserName} is not installed.`, `Run: npx playwright install ${browserName}`);
}

/** Only Playwright knows where a channel's browser is, so it is started and closed. */
async function examineChannel(
  browserName: BrowserPlan['browserName'],
  channel: string,
  launchOptions: BrowserPlan['launchOptions'],
): Promise<Told> {
  const playwright = await import('@playwright/test');
  try {
    await withTemporaryFolder(async () => {
      const started = await playwright[browserName].launch({
        ...launchOptions,
        headless: true,
        timeout: startMs,
      });
      await started.close();
    });
    return ok(`Browser: ${channel}`);
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error))
      .replace(/^.*?: /, '')
      .split('\n');
    return trouble(
      `The browser of channel "${channel}" cannot be started.`,
      `Run: npx playwright install ${channel}. Or remove the channel from the Playwright config.`,
      why,
    );
  }
}

function examinePath(browserName: string, executablePath: string): Told {
  if (isExecutable(executablePath)) return ok(`Browser: ${browserName}, ${executablePath}`);
  return trouble(
    `The browser ${executablePath} cannot be run.`,
    'Fix launchOptions.executablePath in the Playwright config.',
    'No executable file has this path.',
  );
}

function examineChromium(): Told {
  try {
    const found = findBrowser();
    if (!found) return troubleOf(browserMissing());
    return ok(`Browser: ${found.executablePath ?? "Playwright's own chromium"}`);
  } catch (error) {
    if (error instanceof AuthSessionsError) return troubleOf(error);
    throw error;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const startMs = 30_000;
