import { expect, test } from '@playwright/test';
import { recordCodeWaits } from '../../src/credentials/code-waits.js';

test('adds up the waits of a session that ended after it was asked for', async () => {
  let nowMs = 1000;
  const waits = recordCodeWaits(undefined, { nowMs: () => nowMs });
  const wait = (session: string, tookMs: number) =>
    waits.onCodeWait({ session, waitMs: tookMs }, () => {
      nowMs += tookMs;
      return Promise.resolve();
    });
  await wait('admin', 5000);
  await wait('customer', 300);
  await wait('admin', 2000);
  expect(waits.sinceMs('admin', 0)).toBe(7000);
  expect(waits.sinceMs('admin', 6000)).toBe(2000);
  expect(waits.sinceMs('customer', nowMs)).toBe(0);
});
