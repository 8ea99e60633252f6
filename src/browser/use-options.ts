import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

/**
 * Every option of `use`, and its meaning for a flow. The compiler compares the list with Playwright's types: an option
 * of a new version does not compile until it is added here.
 */
export const useOptions = {
  acceptDownloads: 'context',
  actionTimeout: 'page',
  // Part of the session's place: a session may set another one.
  baseURL: 'place',
  browserName: 'launch',
  bypassCSP: 'context',
  channel: 'launch',
  clientCertificates: 'context',
  colorScheme: 'context',
  connectOptions: 'launch',
  contextOptions: 'context',
  contrast: 'context',
  defaultBrowserType: 'launch',
  deviceScaleFactor: 'context',
  extraHTTPHeaders: 'context',
  forcedColors: 'context',
  geolocation: 'context',
  hasTouch: 'context',
  headless: 'launch',
  httpCredentials: 'context',
  ignoreHTTPSErrors: 'context',
  isMobile: 'context',
  javaScriptEnabled: 'context',
  launchOptions: 'launch',
  locale: 'context',
  navigationTimeout: 'page',
  // A sign-in needs the network.
  offline: 'not carried',
  permissions: 'context',
  proxy: 'context',
  reducedMotion: 'context',
  // A flow has a separate context, which is not reused.
  reuseContext: 'not carried',
  // Recordings of a sign-in would show its secrets.
  screenshot: 'not carried',
  screen: 'context',
  serviceWorkers: 'context',
  // A sign-in starts from the session's own state.
  storageState: 'not carried',
  testIdAttribute: 'page',
  timezoneId: 'context',
  trace: 'not carried',
  userAgent: 'context',
  video: 'not carried',
  viewport: 'context',
} as const satisfies Readonly<Record<OptionName, Meaning>>;

type OptionName = keyof PlaywrightTestOptions | keyof PlaywrightWorkerOptions;

/** `context`: created with it. `page`: set on it afterwards. `launch`: how the browser starts. */
type Meaning = 'context' | 'page' | 'launch' | 'place' | 'not carried';

/** The options of `use` that a context is created with, under the same names. */
export const contextOptionNames = Object.entries(useOptions)
  .filter(([name, meaning]) => meaning === 'context' && name !== 'contextOptions')
  .map(([name]) => name);
