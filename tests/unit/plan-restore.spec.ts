import { expect, test } from '@playwright/test';
import { planRestore, type RestorePlanOptions } from '../../src/browser/plan-restore.js';
import type { StorageState } from '../../src/core/storage-state.js';

const [plain, database, files, app] = ['plain', 'database', 'files', 'app'].map(
  (name) => `https://${name}.example`,
) as [string, string, string, string];

const items = [{ name: 'token', value: 'value' }];
const sessionStorage = [{ origin: plain, items }];
const lazy: RestorePlanOptions = { restore: 'lazy', browserName: 'chromium' };

test('Chromium restores late what is in localStorage alone, and at once every other kind', () => {
  const { playwright, storage } = planRestore(state(), lazy);
  expect(playwright.origins.map(({ origin }) => origin)).toEqual([database, files]);
  expect(storage).toEqual({
    localStorage: [
      { origin: plain, items },
      { origin: app, items },
    ],
    sessionStorage,
  });
});

test('an origin keeps its localStorage with its database and files, which are restored together', () => {
  const { playwright } = planRestore(state(), lazy);
  expect(playwright.origins.map(({ localStorage }) => localStorage)).toEqual([items, items]);
});

for (const [title, options] of Object.entries({
  'in Firefox': { ...lazy, browserName: 'firefox' },
  'in WebKit': { ...lazy, browserName: 'webkit' },
  'without scripts': { ...lazy, javaScriptEnabled: false },
  'if it is chosen': { ...lazy, restore: 'eager' as const },
}))
  test(`Playwright restores all origins, and sessionStorage comes late, ${title}`, () => {
    const given = state();
    const { playwright, storage } = planRestore(given, options);
    expect(playwright).toEqual(given.playwright);
    expect(storage).toEqual({ localStorage: [], sessionStorage });
  });

test('leaves to Playwright what is no origin of a page, and anything it does not know', () => {
  const origins = [
    { origin: 'chrome-extension://id', localStorage: items },
    { origin: `${app}/path`, localStorage: items },
    { origin: plain, localStorage: items, later: [{ kind: 'unknown' }] },
    { origin: database, localStorage: items, indexedDB: [], opfs: [] },
  ];
  const { playwright, storage } = planRestore(
    { playwright: { cookies: [], origins }, sessionStorage: [] },
    lazy,
  );
  expect(playwright.origins).toEqual(origins.slice(0, 3));
  expect(storage.localStorage).toEqual([{ origin: database, items }]);
});

function state(): StorageState {
  const origins = [
    { origin: plain, localStorage: items },
    { origin: database, localStorage: items, indexedDB: [{ name: 'accounts', version: 1, stores: [] }] },
    { origin: files, localStorage: items, opfs: [{ path: 'account.json', type: 'file', base64: '' }] },
    { origin: app, localStorage: items, indexedDB: [], opfs: [] },
  ];
  return { playwright: { cookies: [], origins }, sessionStorage };
}
