import { expect, test } from '@playwright/test';
import { interceptProtocol, isPartOfTrace } from '../../fixtures/playwright/playwright-insides.js';

test.describe.configure({ mode: 'serial' });
test.use({ trace: 'on' });

const zipped: string[] = [];

test('a test with a trace', async ({ page }, testInfo) => {
  interceptProtocol(({ method, params }, proceed) => {
    if (method === 'zip') zipped.push(String(params.zipFile));
    return proceed();
  });
  await page.setContent('<p>A page</p>');
  await page.context().tracing.group('A group');
  expect(isPartOfTrace(testInfo.outputPath('trace.zip'))).toBe(false);
});

test("is reported as its parts, which are where only Playwright's own are", () => {
  expect(zipped.length).toBeGreaterThan(0);
  expect(zipped.filter((file) => !isPartOfTrace(file))).toEqual([]);
});
