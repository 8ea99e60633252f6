import { expect, test } from '../../fixtures/index.js';

test.use({ authSession: 'admin' });

test("an administrator's first page links to everything", async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'See everything' }).click();
  await expect(page.getByRole('heading', { name: 'Administration' })).toBeVisible();
});

test('the API returns the signed-in account', async ({ request }) => {
  expect(await (await request.get('/api/me')).json()).toMatchObject({ name: 'Ada Admin', role: 'admin' });
});

for (const name of ['Ada Admin', 'Cleo Customer', 'Nora Newcomer'])
  test(`the administration lists ${name}`, async ({ page }) => {
    await page.goto('/admin');
    await expect(page.getByRole('table').nth(1).getByRole('cell', { name, exact: true })).toBeVisible();
  });

for (const column of ['When', 'Client', 'Topic', 'Adviser', 'Status'])
  test(`the list of all consultations has the column ${column}`, async ({ page }) => {
    await page.goto('/admin');
    await expect(page.getByRole('columnheader', { name: column })).toBeVisible();
  });

test('an admin has their own consultations', async ({ page }) => {
  await page.goto('/consultations');
  await expect(page.getByText('Yearly review').first()).toBeVisible();
});

test('text that people typed is escaped', async ({ page }) => {
  await page.goto('/admin');
  await expect(page.locator('td answers')).toHaveCount(0);
});
