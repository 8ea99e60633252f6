import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { describeCall } from '../../src/flow/describe-call.js';
import { watchingCalls, type PlaywrightCall } from '../../src/flow/playwright-calls.js';

test('a browser context has the internals that report calls', ({ context }) => {
  const inside = Reflect.get(context, '_instrumentation') as Record<string, unknown>;
  expect(inside.addListener).toBeInstanceOf(Function);
  expect(inside.removeListener).toBeInstanceOf(Function);
});

test('reports the calls of the given work, with their arguments, and when they end', async ({ context }) => {
  const page = await context.newPage();
  await page.setContent('<label>Password <input type="password"></label><button>Go</button>');
  const { calls, ends } = await watch(context, async () => {
    await page.getByLabel('Password').fill('a secret');
    await page.getByLabel('Password').pressSequentially('xy');
    await page.getByLabel('Password').press('Enter');
    await page.getByRole('button', { name: 'Go' }).click();
    await page
      .getByRole('button', { name: 'None' })
      .click({ timeout: 50 })
      .catch(() => undefined);
    await page.keyboard.insertText('z');
    await page.goto('about:blank');
  });
  const words = {
    locate: (selector: string) => String(page.locator(selector)),
    redact: (text: string) => text,
  };
  expect(calls.map((call) => describeCall(call, words))).toEqual([
    "fill getByLabel('Password') [typed]",
    "type getByLabel('Password') [typed]",
    "press getByLabel('Password') Enter",
    "click getByRole('button', { name: 'Go' })",
    "click getByRole('button', { name: 'None' })",
    'type [typed]',
    'goto about:blank',
  ]);
  expect(ends).toHaveLength(7);
  expect(ends.filter((error) => error !== undefined).map(({ message }) => message.split('\n')[0])).toEqual([
    'locator.click: Timeout 50ms exceeded.',
  ]);
});

test('reports requests, and waits for events', async ({ context, page }) => {
  const { calls } = await watch(context, async () => {
    await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void window.open('about:blank'))]);
    await context.request.get('http://127.0.0.1:9/api/me').catch(() => undefined);
  });
  expect(calls.map(({ type, method }) => `${type}.${method}`)).toEqual([
    'Page.__waitInfo__',
    'Frame.evaluateExpression',
    'APIRequestContext.fetch',
  ]);
});

test('reports neither other calls nor later ones', async ({ browser }) => {
  const [one, other] = await Promise.all([
    openPage(await browser.newContext()),
    openPage(await browser.newContext()),
  ]);
  const [first, second] = await Promise.all([
    watch(one.context(), () => one.title()),
    watch(other.context(), () => other.content()),
  ]);
  await one.title();
  expect([first.calls, second.calls].map((calls) => calls.map(({ method }) => method))).toEqual([
    ['title'],
    ['content'],
  ]);
  await Promise.all([one.context().close(), other.context().close()]);
});

test('does the work where the inside is gone', async () => {
  await expect(
    watchingCalls(
      {},
      () => () => undefined,
      () => Promise.resolve(7),
    ),
  ).resolves.toBe(7);
});

async function watch(context: BrowserContext, work: () => Promise<unknown>) {
  const calls: PlaywrightCall[] = [];
  const ends: (Error | undefined)[] = [];
  const watcher = (call: PlaywrightCall) => {
    calls.push(call);
    return (error: Error | undefined) => void ends.push(error);
  };
  await watchingCalls(context, watcher, work);
  return { calls, ends };
}

async function openPage(context: BrowserContext): Promise<Page> {
  return context.newPage();
}
