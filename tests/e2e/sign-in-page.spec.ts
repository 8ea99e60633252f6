import { expect, test } from '../../fixtures/index.js';

// Nobody is signed in here: these are tests of the sign-in itself.

test('a newcomer signs in by hand, and out again', async ({ page, credentials }) => {
  const newcomer = await credentials('newcomer');
  await page.goto('/sign-in?next=/consultations');
  await page.getByLabel('Email').fill(newcomer.username);
  await page.getByLabel('Password').fill(newcomer.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('One-time code').fill(await newcomer.totp());
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page).toHaveURL(/\/consultations$/);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/');
  await expect(page).toHaveURL(/sign-in/);
});

test('a wrong code is rejected', async ({ page, credentials }) => {
  const newcomer = await credentials('newcomer');
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(newcomer.username);
  await page.getByLabel('Password').fill(newcomer.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('One-time code').fill('abcdef'.replaceAll(/[a-f]/g, '0'));
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByRole('alert')).toHaveText('That code is not right');
});

test('an unknown person is rejected', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill('nobody@consultations.example');
  await page.getByLabel('Password').fill('whatever it is');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toHaveText('Wrong email or password');
});

for (const path of ['/', '/consultations', '/admin'])
  test(`${path} redirects a signed-out visitor to the sign-in page`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByLabel('Password')).toBeVisible();
  });
