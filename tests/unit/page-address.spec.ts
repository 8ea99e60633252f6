import { expect, test } from '@playwright/test';
import { openPage, pageAddress } from '../../src/cli/project/page-address.js';
import type { CommandContext } from '../../src/cli/terminal/command-context.js';
import { AuthSessionsError } from '../../src/core/errors.js';

const base = 'https://stage:knock@shop.example/app/';

test('an address is relative to the base URL, and whole where it says so', () => {
  expect(
    [undefined, '/orders', 'orders', './a.b/c', 'index.php?x=1', '?q=1', '#end'].map((url) =>
      pageAddress(url, base),
    ),
  ).toEqual([
    base,
    'https://stage:knock@shop.example/orders',
    'https://stage:knock@shop.example/app/orders',
    'https://stage:knock@shop.example/app/a.b/c',
    'https://stage:knock@shop.example/app/index.php?x=1',
    'https://stage:knock@shop.example/app/?q=1',
    'https://stage:knock@shop.example/app/#end',
  ]);
  const whole = ['https://example.com/x', 'about:blank', 'data:text/html,hi'];
  expect(whole.map((url) => pageAddress(url, base))).toEqual(whole);
  expect(pageAddress(undefined, undefined)).toBe('about:blank');
});

test('a host with a port is an address of http', () => {
  for (const baseURL of [base, undefined])
    expect(
      ['localhost:3000', 'localhost:3000/x', 'my-shop.test:80?y', '[::1]:8080', 'localhost'].map((url) =>
        pageAddress(url, baseURL),
      ),
    ).toEqual([
      'http://localhost:3000/',
      'http://localhost:3000/x',
      'http://my-shop.test/?y',
      'http://[::1]:8080/',
      'http://localhost/',
    ]);
});

test('an address that may be a site or a page is asked back, without user and password of the base URL', () => {
  expect(refusal('example.com/x', base)).toEqual({
    code: 'ERR_USAGE',
    failed: '"example.com/x" may be a site or a page.',
    known: 'It has no scheme.',
    next: 'Write https://example.com/x for the site, or ./example.com/x for a page of https://shop.example/app/.',
  });
  expect(refusal('example.com', undefined).next).toBe('Write https://example.com for the site.');
});

test('an address that no window opens is refused', () => {
  expect(refusal('/orders', undefined).known).toBe('It is relative, and the project has no base URL.');
  expect(refusal('javascript:alert(1)', base)).toMatchObject({
    failed: '"javascript:…" cannot be opened in a window.',
    known: 'Its scheme is javascript:',
  });
});

test('a page that cannot be opened is reported without user and password', async ({ page }) => {
  const notes: string[] = [];
  const context = { note: (line: string) => void notes.push(line) } as unknown as CommandContext;
  await openPage(page, 'http://stage:knock@127.0.0.1:9/start', context);
  expect(notes).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:9\/start could not be opened: .*net::/),
  ]);
  expect(notes.join()).not.toContain('knock');
});

function refusal(url: string, baseURL: string | undefined) {
  try {
    pageAddress(url, baseURL);
  } catch (error) {
    if (error instanceof AuthSessionsError) return { code: error.code, ...error.explanation };
  }
  throw new Error(`${url} is not refused`);
}
