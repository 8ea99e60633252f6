import { randomUUID } from 'node:crypto';
import { expect, test } from '../../fixtures/index.js';

test('an admin sees what a customer books', async ({ authSessions }) => {
  const topic = `Both sides ${randomUUID().slice(0, 8)}`;
  const customer = await authSessions.newPage('customer');
  await customer.goto('/consultations');
  await customer.getByLabel('Topic').fill(topic);
  await customer.getByLabel('Date').fill('2199-07-01');
  await customer.getByRole('button', { name: 'Book consultation' }).click();

  const admin = await authSessions.newPage('admin');
  await admin.goto('/admin');
  await expect(admin.getByRole('cell', { name: topic })).toBeVisible();
});

test('two people in one test do not share a session', async ({ authSessions }) => {
  const [admin, customer] = await Promise.all([
    authSessions.newContext('admin'),
    authSessions.newContext('customer'),
  ]);
  expect(await (await admin.request.get('/api/me')).json()).toMatchObject({ role: 'admin' });
  expect(await (await customer.request.get('/api/me')).json()).toMatchObject({ role: 'customer' });
});

test('a test without a session is signed out', async ({ page, request }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/sign-in/);
  expect((await request.get('/api/me')).status()).toBe(401);
});

test('a signed-in test can use another session', async ({ authSessions, page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/sign-in/);
  const admin = await authSessions.newPage('admin');
  await admin.goto('/');
  await expect(admin.getByRole('heading', { name: 'Hello, Ada' })).toBeVisible();
});
