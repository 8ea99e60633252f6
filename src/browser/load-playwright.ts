import { createRequire } from 'node:module';
import type * as Playwright from '@playwright/test';

/**
 * The library of the project's Playwright, without the test runner: flows do not need it, and it takes as long to load
 * as all modules of a broker. Loaded on first use.
 */
export function loadPlaywright(): Pick<typeof Playwright, 'chromium' | 'firefox' | 'webkit' | 'request'> {
  const ofProject = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  return createRequire(ofProject)('playwright') as typeof Playwright;
}
