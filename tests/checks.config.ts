import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { closedNetworkArguments, findBrowser } from '../src/browser/find-browser.js';

/** Every test but the end-to-end suite: that one has the playwright.config.ts that users copy. */
const browser = findBrowser();

export default defineConfig({
  outputDir: '../reports/output/checks',
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  // On a busy machine a nested run can be slow; a test that passes only on the retry is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 15_000 },
  // For hangs: a busy machine takes minutes for what takes a second.
  timeout: 180_000,
  // More than cores: tests of nested runs wait a good part of their time.
  workers: Math.ceil(availableParallelism() * 1.5),
  use: {
    launchOptions: {
      args: [...closedNetworkArguments],
      ...(browser?.executablePath && { executablePath: browser.executablePath }),
    },
  },
  // The longest first: the short ones fill the gaps at the end.
  projects: [
    { name: 'integration', testDir: './integration' },
    { name: 'contract', testDir: './contract' },
    { name: 'unit', testDir: './unit', fullyParallel: true },
  ],
});
