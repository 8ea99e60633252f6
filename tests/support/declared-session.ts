import type { AuthFlow } from '../../src/core/auth-flow.js';
import { sessionDefaults } from '../../src/core/session-defaults.js';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import type { StorageState } from '../../src/core/storage-state.js';

/** A session as the sessions file would declare it, with defaults. */
export function declareSession(own: Partial<DeclaredSession> = {}): DeclaredSession {
  const { ttlSeconds, trustSeconds, checkAttempts, createAttempts, renew, writeBack, restore } =
    sessionDefaults;
  return {
    minRemainingSeconds: sessionDefaults.minSessionSeconds,
    ...{ ttlSeconds, trustSeconds, checkAttempts, createAttempts, renew, writeBack, restore },
    name: 'admin',
    type: 'credentials',
    flow: flowWithCheck,
    flowDigest: 'digest',
    values: new Map([
      ['username', parseSecretReference('op://qa/admin/username')],
      ['password', parseSecretReference('op://qa/admin/password')],
    ]),
    code: parseSecretReference('op://qa/admin/one-time password?attribute=otp'),
    baseURL: undefined,
    proxy: undefined,
    contextOptions: {},
    totp: {},
    exclusive: false,
    maxConcurrentUses: undefined,
    maxWaitSeconds: 3600,
    account: undefined,
    ...own,
  };
}

export const flowWithCheck: AuthFlow<string> = {
  create: () => Promise.resolve(),
  check: () => true,
};

export const flowWithoutCheck: AuthFlow<string> = { create: () => Promise.resolve() };

/** A state of one cookie for each text; their values distinguish it. */
export function stateOf(...values: readonly string[]): StorageState {
  return {
    playwright: {
      cookies: values.map((value, index) => ({
        ...{ name: `sid${index}`, value, domain: 'app.example', path: '/', expires: -1 },
        ...{ httpOnly: true, secure: true, sameSite: 'Lax' as const },
      })),
      origins: [],
    },
    sessionStorage: [],
  };
}

/** The cookie values of a state. */
export function valuesOf({ playwright }: StorageState): string[] {
  return playwright.cookies.map(({ value }) => value);
}
