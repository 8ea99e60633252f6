import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findBrowser } from '../../src/browser/find-browser.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import { startDisplay, whyNoDisplay } from '../support/display.js';
import { freePort, personAt } from '../support/scripted-person.js';
import { consultationsFlow, createSignedInProject, quickAccounts } from '../support/signed-in-project.js';

const missing = whyNoDisplay();
test.skip(missing !== undefined, missing);
test.skip(
  findBrowser({ headless: false })?.executablePath === undefined,
  "the inspector's browser cannot be reached",
);

test('--debug pauses at the first step of the test, and not in its sign-in, which has a window', async () => {
  const { admin } = quickAccounts;
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const display = await startDisplay();
  const project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions: 'createAttempts: 1,',
    tests: {
      'admin.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('is signed in', async ({ page }) => {
          await page.goto('/consultations');
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        });`,
    },
    files: {
      'consultations.ts': await consultationsFlow({
        opened: `if (/Headless/.test(await page.evaluate(() => navigator.userAgent))) throw new Error('no window');`,
      }),
      'browser.sh': inspectorWithPort,
    },
  });
  await chmod(path.join(project.folder, 'browser.sh'), 0o755);
  const config = await project.read('playwright.config.ts');
  const own = JSON.stringify(path.join(project.folder, 'browser.sh'));
  await project.write({
    'playwright.config.ts': config.replace(/"executablePath":"[^"]+"/, `"executablePath": ${own}`),
  });
  const port = await freePort();
  const run = project.start(['--debug'], { env: { DISPLAY: display.name, INSPECTOR_PORT: String(port) } });
  try {
    const beside = await personAt(port, run.ended);
    const inspector = await beside.page(/./);
    await expect(inspector.locator('body')).toContainText('admin.spec.ts');
    await expect(inspector.locator('body')).toContainText("page.goto('/consultations')");
    expect(site.signIns(admin.email)).toBe(1);
    expect(await inspector.locator('body').textContent()).not.toContain('Password');
    await inspector.getByTitle(/^Resume/).click();
    const { exitCode, output } = await run.ended;
    await beside.leave();
    expect(output).toContain('1 passed');
    expect(exitCode).toBe(0);
  } finally {
    run.process.kill('SIGINT');
    await run.ended;
    await project.remove();
    await display.close();
    await site.close();
  }
});

/** A headless shell has no window. */
const withWindow = findBrowser({ headless: false })?.executablePath ?? '';

/** The inspector's browser is the one without the project's arguments. */
const inspectorWithPort = `#!/bin/sh
case "$*" in
  *--disable-quic*) exec "${withWindow}" "$@" ;;
  *) exec "${withWindow}" "--remote-debugging-port=$INSPECTOR_PORT" "$@" ;;
esac
`;
