import { expect, test } from '@playwright/test';
import { formatState, listState } from '../../src/cli/terminal/list-state.js';
import type { StorageState } from '../../src/core/storage-state.js';

const nowMs = Date.UTC(2026, 10, 29);
const cookie = {
  ...{ name: 'sid', value: 'v4lue', domain: 'shop.example', path: '/', expires: -1 },
  ...{ httpOnly: true, secure: true, sameSite: 'Lax' as const },
};

test('lists cookies with their ends, storage by origin and passkeys, without values', () => {
  const state: unknown = {
    playwright: {
      cookies: [
        cookie,
        { ...cookie, name: 'device', expires: nowMs / 1000 + 3 * 86_400 },
        { ...cookie, name: 'old', expires: nowMs / 1000 - 1 },
      ],
      origins: [
        {
          origin: 'https://shop.example',
          localStorage: [{ name: 'token', value: 'v4lue' }],
          indexedDB: [{ name: 'accounts' }, { name: 'v4lue' }],
          opfs: [{ path: '/v4lue' }],
        },
      ],
      credentials: [{ id: 'v4lue', rpId: 'shop.example', privateKey: 'v4lue' }],
    },
    sessionStorage: [
      { origin: 'https://shop.example', items: [{ name: 'a', value: 'v4lue' }] },
      {
        origin: 'https://id.example',
        items: [
          { name: 'a', value: 'v4lue' },
          { name: 'b', value: 'v4lue' },
        ],
      },
    ],
  };
  const parts = listState(state as StorageState);
  expect(formatState(parts, nowMs)).toEqual([
    'cookie sid of shop.example, without an end',
    'cookie device of shop.example, ends in 3 d',
    'cookie old of shop.example, expired',
    'storage of https://shop.example: 1 item in localStorage, 1 item in sessionStorage, 2 databases in IndexedDB, 1 file',
    'storage of https://id.example: 2 items in sessionStorage',
    'passkey of shop.example',
  ]);
  expect(JSON.stringify(parts)).not.toContain('v4lue');
});

test('cuts a long list', () => {
  const cookies = Array.from({ length: 40 }, (_, index) => ({ ...cookie, name: `c${index}` }));
  const lines = formatState(listState({ playwright: { cookies, origins: [] }, sessionStorage: [] }), nowMs);
  expect(lines).toHaveLength(31);
  expect(lines.at(-1)).toBe('… and 10 more');
});
