import { expect, test } from '@playwright/test';
import { requireSameEngine } from '../../src/browser/require-same-engine.js';
import type { StateCookie } from '../../src/core/storage-state.js';

test('a state with partitioned cookies is an error in another kind of browser than it was made in', () => {
  const chromium = { partitionKey: 'https://app.example', _crHasCrossSiteAncestor: false };
  expect(() => requireSameEngine(heldWith(chromium), 'firefox')).toThrow(
    'Session "admin": its state was not made in firefox. Its cookie session is partitioned, and such cookies do not ' +
      'move between kinds of browsers. Declare another session of this flow for projects with firefox. ' +
      '[ERR_STATE_NOT_PORTABLE]',
  );
  expect(() => requireSameEngine(heldWith(chromium), 'webkit')).toThrow('ERR_STATE_NOT_PORTABLE');
  expect(() => requireSameEngine(heldWith(chromium), 'chromium')).not.toThrow();
  const webkit = { partitionKey: 'https://app.example' };
  expect(() => requireSameEngine(heldWith(webkit), 'chromium')).toThrow('its state was not made in chromium');
  expect(() => requireSameEngine(heldWith(webkit), 'webkit')).not.toThrow();
});

test('a state without partitioned cookies moves between browsers', () => {
  for (const browserName of ['chromium', 'firefox', 'webkit'])
    expect(() => requireSameEngine(heldWith({}), browserName)).not.toThrow();
});

function heldWith(partition: Partial<StateCookie>) {
  const cookie: StateCookie = {
    ...{ name: 'session', value: 'value', domain: 'app.example', path: '/', expires: -1 },
    ...{ httpOnly: true, secure: true, sameSite: 'None' },
    ...partition,
  };
  return { session: 'admin', state: { playwright: { cookies: [cookie], origins: [] }, sessionStorage: [] } };
}
