import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

/**
 * Every option of `use` and what it means for a flow. The compiler holds the list against Playwright's types: an option
 * that a new version brings does not compile until it is decided here.
 */
export const useOptions = {
  acceptDownloads: 'context',
  actionTimeout: 'page',
  // The session's place has it: a session may name another one.
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
  // Nobody signs in offline.
  offline: 'not carried',
  permissions: 'context',
  proxy: 'context',
  reducedMotion: 'context',
  // A flow has a context of its own, which is never used again.
  reuseContext: 'not carried',
  // Records of a sign-in would show its secrets.
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

/** `context`: made with it. `page`: set on it afterwards. `launch`: how its browser starts. */
type Meaning = 'context' | 'page' | 'launch' | 'place' | 'not carried';

/** The options of `use` that a context is made with, under the same names. */
export const contextOptionNames = Object.entries(useOptions)
  .filter(([name, meaning]) => meaning === 'context' && name !== 'contextOptions')
  .map(([name]) => name);
