import { expect, test } from '@playwright/test';
import { captureState } from '../../src/browser/capture-state.js';
import { planRestore } from '../../src/browser/plan-restore.js';
import { secretsOfState } from '../../src/redaction/state-secrets.js';

const secure = 'https://app.example';
const insecure = 'http://app.example';
const token = 'opaque-token-in-a-file-7';

test('a state has the files of an origin, and those of an insecure origin do not exist', async ({
  browser,
}) => {
  const context = await browser.newContext();
  await context.route(/app\.example/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>page' }),
  );
  const page = await context.newPage();
  await page.goto(secure);
  await page.evaluate(async (text) => {
    localStorage.setItem('item', 'kept');
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('account.json', { create: true })).createWritable();
    await file.write(JSON.stringify({ token: text }));
    await file.close();
  }, token);
  const state = await captureState(context);
  const [origin] = state.playwright.origins as unknown as { opfs?: { path: string }[] }[];
  expect(origin?.opfs?.map((file) => file.path)).toEqual(['account.json']);
  expect(secretsOfState(state, 'admin').map((secret) => secret.reveal())).toContain(token);
  // Playwright restores them, and so everything of their origin.
  const plan = planRestore(state, { restore: 'lazy', browserName: 'chromium' });
  expect(plan.playwright.origins.map((one) => one.origin)).toEqual([secure]);
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('data', { create: true })).createWritable();
    await file.write(new Uint8Array(7 * 1024 * 1024));
    await file.close();
  });
  const [large] = (await captureState(context)).playwright.origins as unknown as (typeof origin)[];
  expect(large).toMatchObject({ opfs: [], localStorage: [{ name: 'item', value: 'kept' }] });
  await page.goto(insecure);
  await page.evaluate(() => localStorage.setItem('item', 'kept'));
  expect((await captureState(context)).playwright.origins.map((one) => one.origin).sort()).toEqual([
    insecure,
    secure,
  ]);
});
