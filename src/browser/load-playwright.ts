import { createRequire } from 'node:module';
import type * as Playwright from '@playwright/test';

/**
 * The library of the Playwright that the project runs its tests with, without the test runner around it: a flow needs
 * no more, and the runner takes as long to load as all modules of a broker. Loaded when first needed.
 */
export function loadPlaywright(): Pick<typeof Playwright, 'chromium' | 'firefox' | 'webkit' | 'request'> {
  const ofProject = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  return createRequire(ofProject)('playwright') as typeof Playwright;
}
