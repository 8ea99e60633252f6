import path from 'node:path';
import { expect, test } from '@playwright/test';
import { outputLines } from '../../src/cli/init/output-lines.js';

const folder = path.resolve('/project');

test('has where each reporter of a config writes, and Playwright itself', () => {
  const config = `export default defineConfig({
    outputDir: './test-results',
    reporter: process.env.CI
      ? [['list'], ['json', { outputFile: 'out/results.json' }], ['junit', { outputFile: './junit.xml' }], ['blob']]
      : [['html', { open: 'never', outputFolder: 'my-report' }], ['allure-playwright', { resultsDir: 'allure' }]],
    projects: [{ name: 'one', outputDir: 'one/results' }],
  });`;
  expect(outputLines(config, folder).sort()).toEqual([
    ...['/allure/', '/blob-report/', '/junit.xml', '/my-report/', '/one/results/'],
    ...['/out/results.json', '/test-results/'],
  ]);
});

test('lists the default of a reporter without a folder, and nothing below reports/output or elsewhere', () => {
  expect(outputLines("module.exports = { reporter: 'html' };", folder)).toEqual(['/playwright-report/']);
  expect(outputLines("export default { reporter: [['html', { outputFolder: '../up' }]] };", folder)).toEqual(
    [],
  );
  const own = "export default { reporter: [['json', { outputFile: 'reports/output/a.json' }], ['line']] };";
  expect(outputLines(own, folder)).toEqual([]);
  expect(outputLines('export default {', folder)).toEqual([]);
});
