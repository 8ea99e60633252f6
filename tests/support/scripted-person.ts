import { createServer } from 'node:net';
import { chromium, expect, type Page } from '@playwright/test';
import type { CommandRun } from './command-line.js';
import { codeAt, type Account } from './consultations/index.js';

/** Somebody at the window that a command shows: sees its pages, and types into them from outside. */
export interface ScriptedPerson {
  /** The page whose address matches, as soon as it is there. */
  page(address: RegExp): Promise<Page>;
  /** Closes the window by its corner. */
  closeWindow(): Promise<void>;
  /** Quits the whole browser. */
  quitBrowser(): Promise<void>;
  leave(): Promise<void>;
}

/** For `--remote-debugging-port`, in the launch options of the project: the browser has it besides Playwright's pipe. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** Comes when the window is there. A command that ends before it shows one is an error. */
export async function personAt(port: number, ended: Promise<CommandRun>): Promise<ScriptedPerson> {
  const early = ended.then(({ stdout, stderr }) => {
    throw new Error(`the command showed no window:\n${stdout}${stderr}`);
  });
  const shown = expect.poll(() => answers(port), { timeout: 120_000 }).toBe(true);
  await Promise.race([shown, early]);
  early.catch(() => undefined);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const pages = () => browser.contexts().flatMap((context) => context.pages());
  return {
    async page(address) {
      await expect
        .poll(() => pages().map((page) => page.url()), { timeout: 60_000 })
        .toContainEqual(expect.stringMatching(address));
      const found = pages().find((page) => address.test(page.url()));
      if (!found) throw new Error(`no page at ${String(address)}`);
      return found;
    },
    async closeWindow() {
      for (const page of pages()) await page.close();
    },
    async quitBrowser() {
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.close').catch(() => undefined);
    },
    leave: () => browser.close(),
  };
}

export interface SignInByHand {
  /** How a form is sent; by default by a click. */
  readonly by?: 'click' | 'Enter';
  /** Before anything is typed on a page, and again on the next one. */
  readonly isReady?: (page: Page) => Promise<void>;
}

/**
 * Playwright's recorder asks for its mode after a page has opened, and misses what a fast person types before. The red
 * button of its toolbar, in a closed shadow root, shows that it records, and the eye that a click points at an element.
 */
export async function recorderListens(page: Page, tool: 'record' | 'visibility' = 'record'): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const shown = () =>
    devtools.send('DOM.getDocument', { depth: -1, pierce: true }).then(({ root }) => JSON.stringify(root));
  await expect
    .poll(shown, { timeout: 60_000, intervals: [50] })
    .toMatch(new RegExp(`"class","(?=[^"]*\\b${tool}\\b)[^"]*\\btoggled\\b`));
  await devtools.detach();
}

/** Signs in to the consultations site as people do: by clicks and keys. Gives the code that was typed. */
export async function signInByHand(
  page: Page,
  { email, password, totp }: Account,
  { by = 'click', isReady = () => Promise.resolve() }: SignInByHand = {},
): Promise<string> {
  const send = (button: string) =>
    by === 'Enter' ? page.keyboard.press('Enter') : page.getByRole('button', { name: button }).click();
  await isReady(page);
  await page.getByLabel('Email').click();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await send('Continue');
  await page.getByLabel('One-time code').waitFor();
  await isReady(page);
  await page.getByLabel('One-time code').click();
  const code = await unusedCode(email, totp);
  await page.keyboard.type(code);
  await send('Verify');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return code;
}

/** A site takes each code once: who has just signed in waits for the next. */
async function unusedCode(email: string, totp: Account['totp']): Promise<string> {
  const codeNow = () => codeAt(Date.now(), totp);
  await expect.poll(codeNow, { timeout: 60_000 }).not.toBe(typedCodes.get(email));
  const code = codeNow();
  typedCodes.set(email, code);
  return code;
}

const typedCodes = new Map<string, string>();

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/json/version`).then(
    ({ ok }) => ok,
    () => false,
  );
}
