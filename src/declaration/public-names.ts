import { createRequire } from 'node:module';
import { defineAuthFlow } from '../core/auth-flow.js';
import { defineAuthSessions } from '../core/auth-session.js';
import { defineVault, VaultError } from '../core/defined-vault.js';
import {
  AccountLockedError,
  AuthSessionsError,
  CredentialsRejectedError,
  HumanNeededError,
} from '../core/errors.js';

/**
 * What a flow that imports this package gets. Most flows need few names. The others need Playwright's test runner, and
 * load when a flow reads them.
 */
export function createPublicNames(
  loadPackage: () => Readonly<Record<string, unknown>> = requirePackage,
): Readonly<Record<string, unknown>> {
  const names = {
    defineAuthFlow,
    defineAuthSessions,
    defineVault,
    AccountLockedError,
    AuthSessionsError,
    CredentialsRejectedError,
    HumanNeededError,
    VaultError,
  };
  for (const name of loadedWhenRead)
    Object.defineProperty(names, name, { enumerable: true, get: () => loadPackage()[name] });
  return names;
}

function requirePackage(): Readonly<Record<string, unknown>> {
  const require = createRequire(import.meta.url);
  return require('playwright-auth-sessions') as Readonly<Record<string, unknown>>;
}

const loadedWhenRead = ['expect', 'mergeExpects', 'mergeTests', 'test', 'withAuthSessions'];
