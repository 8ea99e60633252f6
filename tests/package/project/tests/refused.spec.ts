import { expect, test } from 'playwright-auth-sessions';

test('an error that a flow throws is known for what it is', async ({ authSessions }) => {
  await expect(authSessions.newPage('refused')).rejects.toMatchObject({ code: 'ERR_CREDENTIALS_REJECTED' });
});
