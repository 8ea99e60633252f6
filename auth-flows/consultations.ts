import { CredentialsRejectedError, defineAuthFlow } from '../fixtures/index.js';

/** How to sign in to the consultations site. */
export default defineAuthFlow({
  async create({ page, credentials, totp }) {
    const refusal = page.getByRole('alert');

    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(credentials.username);
    await page.getByLabel('Password').fill(credentials.password);
    await page.getByRole('button', { name: 'Continue' }).click();

    const codeField = page.getByLabel('One-time code');
    await codeField.or(refusal).first().waitFor();
    if (await refusal.isVisible()) throw new CredentialsRejectedError(await refusal.innerText());

    await codeField.fill(await totp());
    await page.getByRole('button', { name: 'Verify' }).click();

    const signOut = page.getByRole('button', { name: 'Sign out' });
    await signOut.or(refusal).first().waitFor();
    if (await refusal.isVisible()) throw new CredentialsRejectedError(await refusal.innerText());
  },

  async check({ request }) {
    return (await request.get('/api/me')).ok();
  },

  signedOut: ({ url, status }) => new URL(url).pathname.startsWith('/api/') && status === 401,
});
