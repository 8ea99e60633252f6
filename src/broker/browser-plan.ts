import type { BrowserContextOptions, ConnectOptions, LaunchOptions } from '@playwright/test';
import { cloneableCopy } from './cloneable-copy.js';

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/** How one Playwright project's tests start their browser: a sign-in starts the same kind. */
export interface BrowserPlan {
  readonly browserName: BrowserName;
  readonly launchOptions: LaunchOptions;
  readonly connectOptions: (ConnectOptions & { readonly wsEndpoint: string }) | undefined;
  /** The project's own context options, which a session's go before. */
  readonly contextOptions: BrowserContextOptions;
}

/** Project options that reach a context, by the names that `use` has for them. */
const contextOptionNames = [
  'acceptDownloads',
  'bypassCSP',
  'clientCertificates',
  'colorScheme',
  'deviceScaleFactor',
  'extraHTTPHeaders',
  'geolocation',
  'hasTouch',
  'httpCredentials',
  'ignoreHTTPSErrors',
  'isMobile',
  'javaScriptEnabled',
  'locale',
  'permissions',
  'proxy',
  'timezoneId',
  'userAgent',
  'viewport',
] as const;

/**
 * Reads a plan from the `use` of a project in the resolved Playwright config. It goes to another process: what
 * cannot, such as a logger, is left out.
 */
export function browserPlanOf(use: Readonly<Record<string, unknown>>): BrowserPlan {
  const launchOptions = { ...(use.launchOptions as LaunchOptions | undefined) };
  if (typeof use.channel === 'string') launchOptions.channel = use.channel;
  if (typeof use.headless === 'boolean') launchOptions.headless = use.headless;
  const chosen = contextOptionNames
    .filter((name) => use[name] !== undefined)
    .map((name) => [name, use[name]]);
  const connectOptions = use.connectOptions as BrowserPlan['connectOptions'];
  return {
    browserName: browserNameOf(use.browserName ?? use.defaultBrowserType),
    launchOptions: sendable(launchOptions),
    connectOptions: connectOptions && sendable(connectOptions),
    contextOptions: sendable({
      ...(use.contextOptions as BrowserContextOptions | undefined),
      ...(Object.fromEntries(chosen) as BrowserContextOptions),
    }),
  };
}

/** Half a logger, its fields without its functions, would be worse than none. */
function sendable<Options extends object>(options: Options): Options {
  return (cloneableCopy({ ...options, logger: undefined }) ?? {}) as Options;
}

function browserNameOf(name: unknown): BrowserName {
  return name === 'firefox' || name === 'webkit' ? name : 'chromium';
}
