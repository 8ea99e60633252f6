import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Playwright from '@playwright/test';

/**
 * The library of the project's Playwright, without the test runner: flows do not need it, and it takes as long to load
 * as all modules of a broker. Loaded on first use.
 */
export function loadPlaywright(): Pick<typeof Playwright, 'chromium' | 'firefox' | 'webkit' | 'request'> {
  return createRequire(import.meta.url)(playwrightFolder()) as typeof Playwright;
}

/** The folder of the `playwright` package that `@playwright/test` uses, without symbolic links. */
export function playwrightFolder(): string {
  const ofTests = resolveReal('@playwright/test/package.json', import.meta.url);
  return path.dirname(resolveReal('playwright/package.json', ofTests));
}

/**
 * Node 20 sometimes leaves a symbolic link in a path that it resolves, once a process has loaded several hundred files.
 * Playwright would then be loaded twice, under two paths.
 */
function resolveReal(name: string, from: string): string {
  return realpathSync.native(createRequire(from).resolve(name));
}
