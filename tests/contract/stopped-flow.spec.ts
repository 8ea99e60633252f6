import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { createFlowBrowsers } from '../../src/browser/flow-browser.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import { createFlowRunner } from '../../src/flow/flow-runner.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { leaseNotRenewed } from '../../src/store/require-lease.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession, stateOf } from '../support/declared-session.js';

const form = '<form method="post"><label>Password <input type="password"></label><button>Go</button></form>';

test('a flow whose lease is over sends nothing more: no key, click, request or code, and no check', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.method ?? '');
    response.writeHead(200, { 'content-type': 'text/html' }).end(form);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browsers = createFlowBrowsers();
  const lease = { isOver: false };
  const tried: string[] = [];
  const flow: AuthFlow<string> = {
    async create({ page, totp }) {
      await page.goto('/');
      const before = requests.length;
      lease.isOver = true;
      const acts = {
        fill: () => page.getByLabel('Password').fill('x'),
        click: () => page.getByRole('button').click(),
        press: () => page.keyboard.press('Enter'),
        evaluate: () => page.evaluate(() => document.querySelector('form')?.submit()),
        request: () => page.request.post('/'),
        code: () => totp(),
      };
      for (const [name, act] of Object.entries(acts))
        await act().catch((error: unknown) => tried.push(`${name} ${String(error).slice(-16)}`));
      expect(requests).toHaveLength(before);
    },
  };
  const flows = createFlowRunner({
    browsers,
    planFor: () => ({
      browserName: 'chromium',
      launchOptions: launchOptions(),
      connectOptions: undefined,
      contextOptions: {},
      pageSettings: {},
    }),
    redactor: createRedactor(),
    clock: systemClock,
    debugging: false,
  });
  const created = flows.create({
    session: declareSession({ flow, baseURL }),
    place: { baseURL, project: undefined },
    // It is late where a process was suspended.
    signal: new AbortController().signal,
    mayGoOn() {
      if (lease.isOver) throw leaseNotRenewed();
    },
    values: {},
    nextCode: () => Promise.resolve('123456'),
  });
  await expect(created).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
  const sent = requests.length;
  for (const check of checks) {
    lease.isOver = false;
    const end = () => (lease.isOver = true);
    const checked = flows.check({
      session: declareSession({ flow: { create: flow.create, check: check(end) }, baseURL }),
      place: { baseURL, project: undefined },
      from: stateOf(),
      signal: new AbortController().signal,
      mayGoOn() {
        if (lease.isOver) throw leaseNotRenewed();
      },
    });
    await expect(checked).rejects.toThrow(/could not be renewed in time/);
  }
  expect(requests).toHaveLength(sent);
  await browsers.close();
  server.close();
  expect(tried).toEqual(
    ['fill', 'click', 'press', 'evaluate', 'request', 'code'].map((name) => `${name} [ERR_LEASE_LOST]`),
  );
  expect(requests.filter((method) => method === 'POST')).toEqual([]);
});

type Check = NonNullable<AuthFlow<string>['check']>;

/** By a request, and in a page. */
const checks: readonly ((end: () => void) => Check)[] = [
  (end) =>
    async ({ request }) => {
      end();
      return (await request.get('/api/me')).ok();
    },
  (end) =>
    async ({ page }) => {
      end();
      return (await page.goto('/'))?.ok() ?? false;
    },
];

function launchOptions() {
  const executablePath = findBrowser()?.executablePath;
  return executablePath === undefined ? {} : { executablePath };
}
