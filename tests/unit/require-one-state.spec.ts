import type { FullConfig } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { requireOneState } from '../../fixtures/require-one-state.js';

const require = (name: string, use: object) => () =>
  requireOneState({ projects: [{ name, use }] as unknown as FullConfig['projects'] });

test('rejects a project with a session and a storage state, and names the command that keeps the state', () => {
  expect(require('chromium', { authSession: 'admin', storageState: 'auth/admin.json' })).toThrow(
    'Project "chromium" sets both use.authSession and use.storageState. ' +
      "A test has one state, and the session's would replace the other. " +
      'Remove storageState. To keep its sign-in, run: npx playwright-auth-sessions import admin auth/admin.json [ERR_CONFIG_INVALID]',
  );
  expect(require('', { authSession: { name: 'admin' }, storageState: { cookies: [], origins: [] } })).toThrow(
    'The config sets both use.authSession and use.storageState.',
  );
});

test('accepts either of them, and a storage state of tests that start without a session', () => {
  expect(require('a', { authSession: 'admin' })).not.toThrow();
  expect(require('a', { storageState: 'auth/admin.json' })).not.toThrow();
  expect(require('a', { authSession: null, storageState: 'auth/admin.json' })).not.toThrow();
  expect(require('a', { authSession: 'admin', storageState: undefined })).not.toThrow();
});
