import { expect, test, type BrowserContext } from '@playwright/test';
import { withOwnSignCounts } from '../../src/browser/own-sign-counts.js';
import { captureState } from '../../src/browser/capture-state.js';
import { signCountsPerContext } from '../../src/core/sign-count.js';

test('each context created with one state signs with its own counters, and a capture has the last one', async ({
  browser,
}) => {
  const first = await browser.newContext();
  await first.credentials.create('localhost', { signCount: 40 });
  const { playwright } = await captureState(first);
  const state = withOwnSignCounts(playwright);
  for (const offset of [0, signCountsPerContext, 2 * signCountsPerContext]) {
    const context = await browser.newContext({ storageState: state });
    expect([await sign(context), await sign(context)]).toEqual([41 + offset, 42 + offset]);
    const left = await captureState(context);
    expect(left.playwright.credentials?.[0]?.signCount).toBe(42 + offset);
    await context.close();
  }
  await first.close();
});

test('a request context takes none of the counters that are for contexts', async ({
  browser,
  playwright,
}) => {
  const first = await browser.newContext();
  await first.credentials.create('localhost', { signCount: 40 });
  const state = withOwnSignCounts((await captureState(first)).playwright);
  await (await playwright.request.newContext({ storageState: state })).dispose();
  expect(state.credentials?.[0]?.signCount).toBe(40);
  await first.close();
});

/** Signs in a page of the passkey's site, and returns the counter that the site would see. */
async function sign(context: BrowserContext): Promise<number> {
  const page = await context.newPage();
  await page.route('**', async (route) => route.fulfill({ body: '<p>', contentType: 'text/html' }));
  await page.goto('http://localhost/');
  const counter = await page.evaluate(async () => {
    const publicKey = { challenge: new Uint8Array(32), rpId: 'localhost' };
    const signed = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    const { authenticatorData } = signed.response as AuthenticatorAssertionResponse;
    return new DataView(authenticatorData).getUint32(33); // WebAuthn, section 6.1
  });
  await page.close();
  return counter;
}
