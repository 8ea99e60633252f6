import { expect, test } from '@playwright/test';
import { runInProcess } from '../support/command-line.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import { createSignedInProject, localCredentials, quickAccounts } from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

test('finds an invalid seed before the password is sent, from the vault and from a test', async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    moreSessions: "guest: { type: 'runtime', flow: consultations },",
    files: {
      '.env.auth-sessions': localCredentials(quickAccounts).replace(/secret=\w{4}/, 'secret=1018'),
    },
    tests: {
      'guest.spec.ts': `import { test } from '@auth';
        const parameters = { username: '${customer.email}', password: '${customer.password}', otp: 'no seed at all' };
        test.use({ authSession: { name: 'guest', parameters } });
        test('signs in', async ({ page }) => { await page.goto('/'); });`,
    },
  });
  const { exitCode, stderr } = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(stderr).toContain(
    'Session "admin": The TOTP seed in AUTOMATION__CONSULTATIONS_ADMIN__ONE_TIME_PASSWORD',
  );
  expect(stderr).toMatch(
    /is not Base32[^]* Write the seed as the value of AUTOMATION\S+_PASSWORD, in quotes\./,
  );
  expect(exitCode).toBe(1);
  const run = await project.run();
  expect(run.output).toContain('The TOTP seed in parameter "otp" of session "guest" is invalid.');
  expect(run.output).toContain('Pass a seed as this parameter in the test.');
  expect(run.exitCode).toBe(1);
  expect([admin, customer].map(({ email }) => site.attempts(email))).toEqual([0, 0]);
  await project.remove();
  await site.close();
});
