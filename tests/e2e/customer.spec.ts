import { randomUUID } from 'node:crypto';
import { expect, test } from '../../fixtures/index.js';

test.use({ authSession: 'customer' });

test('the first page greets the customer by name', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Hello, Cleo' })).toBeVisible();
});

test('the API returns the signed-in account', async ({ request }) => {
  const me = (await (await request.get('/api/me')).json()) as { email: string; role: string };
  expect(me).toMatchObject({ email: 'cleo.customer@consultations.example', role: 'customer' });
});

test('a page and its API requests use the same account', async ({ page }) => {
  await page.goto('/consultations');
  expect((await page.request.get('/api/me')).status()).toBe(200);
});

test('a new context in the test is signed in too', async ({ browser }) => {
  const context = await browser.newContext();
  expect((await context.request.get('/api/me')).status()).toBe(200);
  await context.close();
});

test("the application's localStorage is restored", async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Preferences restored')).toBeVisible();
});

test("the application's sessionStorage is restored before its scripts run", async ({ page }) => {
  await page.addInitScript(() =>
    Object.assign(window, { tabAtStart: sessionStorage.getItem('consultations.tab') }),
  );
  await page.goto('/');
  expect(await page.evaluate(() => Reflect.get(window, 'tabAtStart') as unknown)).toBe('upcoming');
});

test('a second tab is signed in', async ({ context, page }) => {
  await page.goto('/');
  const tab = await context.newPage();
  await tab.goto('/consultations');
  await expect(tab.getByRole('heading', { name: 'Your consultations' })).toBeVisible();
});

test('the administration is closed to customers', async ({ page }) => {
  const response = await page.goto('/admin');
  expect(response?.status()).toBe(403);
  await expect(page.getByText('This page is for administrators')).toBeVisible();
});

test("a customer's first page has no link to the administration", async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'See everything' })).toBeHidden();
});

for (const [topic, adviser] of [
  ['Moving house', 'Mei Tanaka'],
  ['A second opinion', 'Jonas Lindqvist'],
  ['Questions & <answers>', 'Dr Imani Okafor'],
  ['Über 100 % "sicher"', 'Mei Tanaka'],
] as const)
  test(`books and cancels "${topic}" with ${adviser}`, async ({ page }) => {
    const name = `${topic} ${randomUUID().slice(0, 8)}`;
    await page.goto('/consultations');
    await page.getByLabel('Topic').fill(name);
    await page.getByLabel('Adviser').selectOption(adviser);
    await page.getByLabel('Date').fill('2199-06-01');
    await page.getByRole('button', { name: 'Book consultation' }).click();
    await expect(page.getByText(`Booked: ${name}`)).toBeVisible();

    await page.getByRole('button', { name: `Cancel ${name}` }).click();
    await expect(page.getByText(`Cancelled: ${name}`)).toBeVisible();
  });

test('a consultation in the past is rejected', async ({ page }) => {
  await page.goto('/consultations');
  await page.getByLabel('Topic').fill('Yesterday');
  await page.getByLabel('Date').evaluate((input: HTMLInputElement) => {
    input.removeAttribute('min');
    input.value = '2001-01-01';
  });
  await page.getByRole('button', { name: 'Book consultation' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});

test('the list in JSON contains only the customer’s consultations', async ({ request }) => {
  const answer = (await (await request.get('/api/consultations')).json()) as {
    consultations: { email: string }[];
  };
  expect(answer.consultations.length).toBeGreaterThan(0);
  expect(new Set(answer.consultations.map(({ email }) => email))).toEqual(
    new Set(['cleo.customer@consultations.example']),
  );
});

for (const path of ['/', '/consultations', '/consultations#book', '/sign-in'])
  test(`${path} shows a sign-out button when signed in`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  });

test('rows can be made compact', async ({ page }) => {
  await page.goto('/');
  const compact = page.getByRole('button', { name: 'Compact rows' });
  await compact.click();
  await expect(compact).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await expect(compact).toHaveAttribute('aria-pressed', 'true');
});

test('earlier consultations have a separate tab', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('tab', { name: /Earlier/ }).click();
  await expect(page.getByRole('tabpanel', { name: /Earlier/ })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 380, height: 700 } });

  test('nothing is wider than the screen', async ({ page }) => {
    await page.goto('/consultations');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  });
});
