import {
  defineAuthFlow,
  defineAuthSessions,
  test,
  withAuthSessions,
  AuthSessionsError,
  type AuthSessionChoice,
  type AuthSessionName,
  type AuthSessionsErrorCode,
  type RunSummary,
  type SecretReferenceText,
} from 'playwright-auth-sessions';

// A session is named as it is declared.
test.use({ authSession: 'admin' });
test.use({ authSession: null });
// @ts-expect-error -- nobody has declared it
test.use({ authSession: 'nobody' });
export const name: AuthSessionName = 'admin';
// @ts-expect-error -- nobody has declared it
export const unknownName: AuthSessionName = 'nobody';
export const choice: AuthSessionChoice = { name: 'admin', parameters: { username: 'ada' } };
withAuthSessions('./auth-sessions.ts', { use: { authSession: 'admin' }, projects: [{ name: 'one' }] });
// @ts-expect-error -- nobody has declared it
withAuthSessions('./auth-sessions.ts', { use: { authSession: 'nobody' } });

test('fixtures know the sessions, and what each has', async ({ authSessions, credentials }) => {
  await (await authSessions.newContext('admin')).close();
  await authSessions.invalidate('admin');
  // @ts-expect-error -- nobody has declared it
  await authSessions.newPage('nobody');
  const { username, totp } = await credentials('admin');
  username.trim();
  (await totp()).trim();
  // @ts-expect-error -- not a parameter of it
  (await credentials('admin')).pin;
});

// A flow and its session fit each other.
const byPin = defineAuthFlow({
  parameters: ['pin'],
  async create({ page, credentials }) {
    await page.getByLabel('PIN').fill(credentials.pin);
    // @ts-expect-error -- not a parameter of it
    await page.getByLabel('Password').fill(credentials.password);
  },
});
defineAuthSessions({ sessions: { one: { flow: byPin, parameters: { pin: 'op://vault/item/pin' } } } });
// @ts-expect-error -- a value, not a reference
defineAuthSessions({ sessions: { one: { flow: byPin, parameters: { pin: '1234' } } } });
// @ts-expect-error -- misspelt
defineAuthSessions({ sessions: {}, enviroment: 'local' });

export const reference: SecretReferenceText = 'op://vault/item/field';
export const code: AuthSessionsErrorCode = 'ERR_STOPPED';
export const codeOf = (error: unknown) => (error instanceof AuthSessionsError ? error.code : undefined);
export const signInsOf = (summary: RunSummary): number => summary.totals.signIns;
