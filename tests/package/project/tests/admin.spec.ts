import { test as base } from '@playwright/test';
import { expect, mergeTests, test as signedIn } from 'playwright-auth-sessions';

const test = mergeTests(signedIn, base.extend<{ greeting: string }>({ greeting: 'hello' }));
test.use({ authSession: 'admin' });

test('is signed in', async ({ page, greeting }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  expect(greeting).toBe('hello');
});

test('has the credentials and another page of the session', async ({ credentials, authSessions }) => {
  expect((await credentials('admin')).username).toContain('admin');
  const page = await authSessions.newPage('admin');
  expect((await page.request.get('/api/me')).ok()).toBe(true);
});
