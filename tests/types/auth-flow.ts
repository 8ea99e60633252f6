import { AccountLockedError, CredentialsRejectedError, HumanNeededError } from '../../fixtures/index.js';
import { defineAuthFlow, type Credentials } from '../../src/core/auth-flow.js';

// A flow that names no parameters has username and password, and no others.
defineAuthFlow({
  async create({ page, context, request, credentials, totp, baseURL, extendTimeout, signal }) {
    await page.getByLabel('Email').fill(credentials.username);
    await page.getByLabel('Password').fill(credentials.password);
    await page.getByLabel('Code').fill(await totp());
    await context.request.get(baseURL ?? '/');
    extendTimeout(30_000);
    await request.get('/', { timeout: signal.aborted ? 1 : 2 });
    // @ts-expect-error -- a parameter that no session of this flow gives
    expectText(credentials.email as unknown);
    // @ts-expect-error -- credentials are read only
    credentials.username = 'ada';
    // @ts-expect-error -- a code is waited for
    await page.getByLabel('Code').fill(totp());
  },
});

// A flow that names its parameters has those.
defineAuthFlow({
  parameters: ['email', 'pin'],
  async create({ page, credentials }) {
    await page.getByLabel('Email').fill(credentials.email);
    await page.getByLabel('PIN').fill(credentials.pin);
    // @ts-expect-error -- it is not among them
    expectText(credentials.username as unknown);
  },
});

const create = () => Promise.resolve();

// A check answers yes or no, at once or later, and has no credentials.
defineAuthFlow({ create, check: () => true });
defineAuthFlow({ create, check: async ({ request }) => (await request.get('/api/me')).ok() });
defineAuthFlow({ create, check: async ({ page }) => page.getByText('Sign out').isVisible() });
// @ts-expect-error -- neither yes nor no
defineAuthFlow({ create, check: async ({ request }) => (await request.get('/api/me')).status() });
// @ts-expect-error -- nothing at all
defineAuthFlow({ create, check: () => undefined });
// @ts-expect-error -- a check never signs in
defineAuthFlow({ create, check: ({ credentials }) => Boolean(credentials) });
// @ts-expect-error -- nor does it use up a code
defineAuthFlow({ create, check: ({ totp }) => Boolean(totp) });

// What shows that a session is dead is decided at once.
defineAuthFlow({ create, signedOut: ({ url, status }) => status === 401 || url.endsWith('/sign-in') });
// @ts-expect-error -- a test does not wait for it
defineAuthFlow({ create, signedOut: () => Promise.resolve(true) });

// @ts-expect-error -- a flow signs in
defineAuthFlow({ check: () => true });
// @ts-expect-error -- there is no such option
defineAuthFlow({ create, timeoutMs: 5 });
// @ts-expect-error -- seconds are a number
defineAuthFlow({ create, timeoutSeconds: '5' });

export const usual: Credentials = { username: 'ada', password: 'x' };
// @ts-expect-error -- a password is missing
export const half: Credentials = { username: 'ada' };

function expectText(text: unknown): void {
  if (typeof text !== 'string') throw new TypeError('It is no text');
}

// A flow reports the application's answer with these, with or without a message.
export const answers: readonly [string, string, string] = [
  new CredentialsRejectedError('Wrong password').code satisfies 'ERR_CREDENTIALS_REJECTED',
  new AccountLockedError().code satisfies 'ERR_ACCOUNT_LOCKED',
  new HumanNeededError('A captcha').code satisfies 'ERR_HUMAN_NEEDED',
];
// @ts-expect-error -- the words are a string
export const wordless = new AccountLockedError(423);
