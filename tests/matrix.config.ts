import { defineConfig } from '@playwright/test';

/** `npm run test:matrix`: the package on every Node, which takes minutes, and a network for what it runs on. */
export default defineConfig({
  testDir: './matrix',
  outputDir: '../reports/output/matrix',
  reporter: 'list',
  workers: 2,
  fullyParallel: true,
  timeout: 300_000,
});
