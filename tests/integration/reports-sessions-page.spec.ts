import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { formatSessionsPage } from '../../reports/sessions-page/page.js';
import { runSamples } from '../support/run-samples.js';

for (const colorScheme of ['light', 'dark'] as const)
  for (const sample of ['typical', 'failures'])
    test(`the page of a run is accessible: ${sample}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await show(page, sample);
      for (const details of await page.locator('details').all()) await details.locator('summary').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });

test('the page runs no script from a title, and sends no request', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await show(page, 'hostile');
  await expect(page).toHaveTitle(/^Auth sessions/);
  await expect(page.locator('script, img')).toHaveCount(0);
  await expect(page.locator('h3').first()).toContainText('<script>');
  expect(requests).toEqual([]);
});

test('the page fits a small screen, and its tables scroll by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await show(page, 'failures');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  const table = page.getByRole('group', { name: 'Sessions' });
  await table.focus();
  // A busy browser may take the first key before it knows that the table scrolls.
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowRight');
      return table.evaluate((one) => one.scrollLeft);
    })
    .toBeGreaterThan(0);
});

test("a session's name links to the tests that used it, and unfolds them", async ({ page }) => {
  await show(page, 'typical');
  await expect(page.getByRole('table', { name: 'Tests that asked for customer' })).toBeHidden();
  await page.getByRole('table', { name: 'Outcome of each session' }).getByText('customer').click();
  await expect(page.getByRole('table', { name: 'Tests that asked for customer' })).toBeVisible();
});

async function show(page: Page, sample: string): Promise<void> {
  const run = runSamples[sample];
  if (!run) throw new TypeError(`there is no sample "${sample}"`);
  await page.setContent(formatSessionsPage(run));
}
