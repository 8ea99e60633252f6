import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { createClient, createCluster, createSentinel } from '@redis/client';
import { defineAuthFlow } from '../../src/core/auth-flow.js';
import { defineAuthSessions } from '../../src/core/auth-session.js';
import { defineVault, VaultError } from '../../src/core/defined-vault.js';
import { openAuthSessions } from '../../src/script/index.js';

const usual = defineAuthFlow({ create: () => Promise.resolve() });
const byEmail = defineAuthFlow({ parameters: ['email', 'pin'], create: () => Promise.resolve() });
const username = 'op://qa/admin/username';
const password = 'op://qa/admin/password';
const otp = 'op://qa/admin/one-time password?attribute=otp';

// A flow that is imported has its parameters checked.
defineAuthSessions({ sessions: { admin: { flow: usual, parameters: { username, password, otp } } } });
defineAuthSessions({ sessions: { admin: { flow: usual, parameters: { username, password } } } });
defineAuthSessions({
  sessions: { admin: { flow: byEmail, parameters: { email: username, pin: password } } },
});
// @ts-expect-error -- a parameter is missing
defineAuthSessions({ sessions: { admin: { flow: usual, parameters: { username } } } });
defineAuthSessions({
  // @ts-expect-error -- a parameter that this flow does not take
  sessions: { admin: { flow: byEmail, parameters: { username, email: username, pin: password } } },
});
defineAuthSessions({
  // @ts-expect-error -- misspelt
  sessions: { admin: { flow: usual, parameters: { username, pasword: password } } },
});

// A flow that is named by its file is checked when it is loaded.
defineAuthSessions({ sessions: { admin: { flow: './flow.ts', parameters: { anything: username } } } });

// Parameters are references, never values.
defineAuthSessions({
  // @ts-expect-error -- a value
  sessions: { admin: { flow: './flow.ts', parameters: { password: 'hunter2' } } },
});
defineAuthSessions({
  // @ts-expect-error -- a reference that is too short
  sessions: { admin: { flow: usual, parameters: { username: 'op://qa/admin', password } } },
});
defineAuthSessions({
  // @ts-expect-error -- a code's reference asks for the code
  sessions: { admin: { flow: usual, parameters: { username, password, otp: 'op://qa/admin/otp' } } },
});

// A parameter may be a variable of an Environment, and then has its ID and a name.
const variable = 'op-env://${OP_ENVIRONMENT_ID}/ADMIN_PASSWORD';
const seed = 'op-env://${OP_ENVIRONMENT_ID}/ADMIN_OTP?attribute=otp';
defineAuthSessions({
  sessions: { admin: { flow: usual, parameters: { username, password: variable, otp: seed } } },
});
defineAuthSessions({
  // @ts-expect-error -- no name of a variable
  sessions: { admin: { flow: usual, parameters: { username, password: 'op-env://environment' } } },
});
defineAuthSessions({
  // @ts-expect-error -- a seed is no value
  sessions: { admin: { flow: usual, parameters: { username, password, otp: variable } } },
});
const environment = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
defineAuthSessions({
  sessions: {
    admin: {
      flow: usual,
      parameters: {
        username: `op-env://${environment}/ADMIN_USERNAME`,
        password: `op-env://${environment}/ADMIN_PASSWORD`,
        otp: `op-env://${environment}/ADMIN_OTP?attribute=otp`,
      },
    },
  },
});
// @ts-expect-error -- an Environment has no logins
defineAuthSessions({ sessions: { admin: { flow: usual, login: variable } } });

// A login gives the username and the password of a flow, and parameters the rest.
const login = 'op://qa/admin';
const ofTenant = defineAuthFlow({
  parameters: ['username', 'password', 'tenant'],
  create: () => Promise.resolve(),
});
defineAuthSessions({ sessions: { admin: { flow: usual, login } } });
defineAuthSessions({ sessions: { admin: { flow: './flow.ts', login } } });
defineAuthSessions({ sessions: { admin: { flow: usual, login, parameters: { otp } } } });
defineAuthSessions({ sessions: { admin: { flow: ofTenant, login, parameters: { tenant: username } } } });
defineAuthSessions({ sessions: { admin: { flow: usual, login: 'op://qa/admin-${account}', accounts: 2 } } });
// @ts-expect-error -- a parameter that no login has is missing
defineAuthSessions({ sessions: { admin: { flow: ofTenant, login } } });
// @ts-expect-error -- a login gives no email
defineAuthSessions({ sessions: { admin: { flow: byEmail, login } } });
// @ts-expect-error -- a value
defineAuthSessions({ sessions: { admin: { flow: usual, login: 'hunter2' } } });
// @ts-expect-error -- nobody signs in with the login of a recorded session
defineAuthSessions({ sessions: { recorded: { type: 'recorder', login } } });

// Each type of session takes what it can use.
defineAuthSessions({
  sessions: {
    recorded: { type: 'recorder' },
    checked: { type: 'recorder', flow: usual, renew: false },
    visitor: { type: 'runtime', flow: byEmail, ttlSeconds: 60 },
    admin: { type: 'credentials', flow: usual, parameters: { username, password }, writeBack: false },
  },
});
// @ts-expect-error -- there is no such type
defineAuthSessions({ sessions: { admin: { type: 'recorded' } } });
// @ts-expect-error -- a session of parameters has a flow
defineAuthSessions({ sessions: { admin: { parameters: { username, password } } } });
defineAuthSessions({
  // @ts-expect-error -- a runtime session takes its parameters from the test
  sessions: { visitor: { type: 'runtime', flow: usual, parameters: { username, password } } },
});
// @ts-expect-error -- nobody signs in with the parameters of a recorded session
defineAuthSessions({ sessions: { recorded: { type: 'recorder', parameters: { username, password } } } });

const session = { flow: usual, parameters: { username, password } } as const;
defineAuthSessions({
  sessions: { admin: { ...session, proxy: { server: 'http://p' }, totp: { digits: 8 } } },
});
// @ts-expect-error -- true is no choice
defineAuthSessions({ sessions: { admin: { ...session, writeBack: true } } });
// @ts-expect-error -- seconds are a number
defineAuthSessions({ sessions: { admin: { ...session, ttlSeconds: '60' } } });
// @ts-expect-error -- the state is the session's own business
defineAuthSessions({ sessions: { admin: { ...session, contextOptions: { storageState: 'state.json' } } } });
// @ts-expect-error -- so is the base URL, which has an option
defineAuthSessions({ sessions: { admin: { ...session, contextOptions: { baseURL: 'https://x' } } } });

// A session's values are bound to a list of websites, or not at all; a suite can only turn the items' websites off.
defineAuthSessions({ sessions: { admin: { ...session, websites: 'ignore' } } });
defineAuthSessions({ sessions: { admin: { ...session, websites: ['https://app.example'] } } });
defineAuthSessions({ websites: 'ignore', sessions: { admin: { ...session, websites: ['localhost'] } } });
// @ts-expect-error -- one website is a list of one
defineAuthSessions({ sessions: { admin: { ...session, websites: 'https://app.example' } } });
// @ts-expect-error -- websites are strings
defineAuthSessions({ sessions: { admin: { ...session, websites: [new URL('https://app.example')] } } });
// @ts-expect-error -- a list belongs to a session
defineAuthSessions({ websites: ['https://app.example'], sessions: { admin: session } });

// What a project says has names, too.
defineAuthSessions({
  sessions: {},
  environment: 'auto',
  whenMissing: 'skip',
  codes: { minRemainingSeconds: 9 },
});
// @ts-expect-error -- misspelt
defineAuthSessions({ sessions: {}, enviroment: 'local' });
// @ts-expect-error -- there is no such environment
defineAuthSessions({ sessions: {}, environment: 'production' });
// @ts-expect-error -- there is nothing to declare but sessions
defineAuthSessions({ environment: 'local' });

// The names of the sessions are kept, so that a wrong one can be an error where it is used.
export const declared = defineAuthSessions({ sessions: { admin: session, customer: session } });
export const known: keyof typeof declared.sessions = 'customer';
// @ts-expect-error -- nobody has declared it
export const unknown: keyof typeof declared.sessions = 'visitor';

// A store's URL is one of a Redis.
defineAuthSessions({ store: { url: 'rediss://redis.example:6379' }, sessions: {} });
// A client is a function that makes one of @redis/client.
defineAuthSessions({
  store: { client: ({ url }) => createClient(url === undefined ? {} : { url }) },
  sessions: {},
});
defineAuthSessions({ store: { client: () => createCluster({ rootNodes: [] }) }, sessions: {} });
defineAuthSessions({
  store: { client: () => Promise.resolve(createSentinel({ name: 'main', sentinelRootNodes: [] })) },
  sessions: {},
});
// @ts-expect-error -- a client, not a function
defineAuthSessions({ store: { client: createClient() }, sessions: {} });
// @ts-expect-error -- no URL of a Redis
defineAuthSessions({ store: { url: 'https://redis.example' }, sessions: {} });

// A pool has a number of accounts, or a list of them.
const numbered = 'op://qa/customer-${account}/username';
defineAuthSessions({
  sessions: {
    customer: { flow: usual, accounts: 8, parameters: { username: numbered, password }, maxWaitSeconds: 60 },
    agent: { flow: usual, accounts: [{ username, password }] },
    solo: { flow: usual, exclusive: true, parameters: { username, password } },
    three: { type: 'recorder', maxConcurrentUses: 3 },
  },
});
defineAuthSessions({
  // @ts-expect-error -- an account without a password
  sessions: { agent: { flow: usual, accounts: [{ username, password }, { username }] } },
});
defineAuthSessions({
  sessions: {
    // @ts-expect-error -- parameters of each account and of all
    agent: { flow: usual, accounts: [{ username, password }], parameters: { username, password } },
  },
});
defineAuthSessions({
  // @ts-expect-error -- a session by hand has one account
  sessions: { recorded: { type: 'recorder', accounts: 2 } },
});
defineAuthSessions({
  // @ts-expect-error -- a runtime session has no account to hold
  sessions: { visitor: { type: 'runtime', flow: usual, exclusive: true } },
});

// A session names one of the suite's vault connections.
const parameters = { username, password } as const;
defineAuthSessions({
  vaults: { staging: {}, 'acme-qa': { auth: { desktopAccount: 'acme' }, maxVaultRequests: 20 } },
  sessions: {
    admin: { flow: usual, parameters },
    tenant: { flow: usual, parameters, vault: 'staging' },
    pooled: { flow: usual, login: 'op://qa/admin-${account}', accounts: 2, vault: 'acme-qa' },
    basic: { httpCredentials: { username, password }, vault: 'staging' },
  },
});
defineAuthSessions({
  vaults: { staging: {} },
  // @ts-expect-error -- there is no such connection
  sessions: { tenant: { flow: usual, parameters, vault: 'stagign' } },
});
// @ts-expect-error -- no connection is declared
defineAuthSessions({ sessions: { tenant: { flow: usual, parameters, vault: 'staging' } } });
defineAuthSessions({
  vaults: { staging: {} },
  // @ts-expect-error -- a recorded session has no references
  sessions: { recorded: { type: 'recorder', vault: 'staging' } },
});
// @ts-expect-error -- a token does not belong into a file
defineAuthSessions({ vaults: { staging: { token: 'ops_x' } }, sessions: { recorded: { type: 'recorder' } } });
defineAuthSessions({
  // @ts-expect-error -- a job has one identity, of the suite's own vault
  vaults: { staging: { auth: { workloadIdentity: { workloadUuid: 'a' } } } },
  sessions: { recorded: { type: 'recorder' } },
});

// A script asks for sessions by name, and gets Playwright's own types.
async function script() {
  await using sessions = await openAuthSessions({ project: 'staging', signal: AbortSignal.timeout(1000) });
  const context: BrowserContext = await sessions.newContext('admin', { locale: 'de-CH' });
  const request: APIRequestContext = await sessions.request({
    name: 'customer',
    parameters: { plan: 'pro' },
  });
  const { state } = await sessions.check('admin');
  // @ts-expect-error -- no such state
  if (state === 'unknown') return undefined;
  // @ts-expect-error -- a check needs no parameters
  await sessions.check({ name: 'admin' });
  return [context, request];
}
void script;

// A vault other than 1Password gets the variables that it names, and gives text.
const memory = defineVault({
  name: 'memory',
  secrets: ['AUTH_SESSIONS_VAULT_TOKEN'],
  async resolveAll(references, { secrets, signal }) {
    signal.throwIfAborted();
    const token: string = secrets.AUTH_SESSIONS_VAULT_TOKEN;
    // @ts-expect-error -- not one of its variables
    void secrets.AUTH_SESSIONS_VAULT_ROLE;
    const answers = references.map(({ text, field }) =>
      field === 'password' ? ([text, token] as const) : ([text, new VaultError('not-found')] as const),
    );
    return Promise.resolve(new Map<string, string | VaultError<'not-found'>>(answers));
  },
  readCode: ({ item }) => Promise.resolve(item === 'admin' ? { seed: 'x' } : { code: '123456' }),
});
const resolveAll = () => Promise.resolve(new Map<string, string>());
defineAuthSessions({ vault: memory, sessions: { admin: { flow: usual, parameters } } });
defineAuthSessions({
  vaults: { other: memory, staging: {} },
  sessions: { admin: { flow: usual, login, vault: 'other' } },
});
defineAuthSessions({
  // @ts-expect-error -- not from defineVault
  vault: { name: 'a', resolveAll },
  sessions: { a: { type: 'recorder' } },
});
// @ts-expect-error -- a variable that would stay in the environment of tests
defineVault({ name: 'a', secrets: ['VAULT_TOKEN'], resolveAll });
// @ts-expect-error -- it reads nothing
defineVault({ name: 'a' });
// @ts-expect-error -- a value is text
defineVault({ name: 'a', resolveAll: () => Promise.resolve(new Map([['op://a/b/c', 5]])) });
defineVault({
  name: 'a',
  // @ts-expect-error -- a vault that cannot be reached is not the answer to one reference
  resolveAll: () => Promise.resolve(new Map([['op://a/b/c', new VaultError('unreachable')]])),
});
// @ts-expect-error -- there is no such problem
void new VaultError('lost');

// Sessions without a flow are known by name, and the others are checked as before.
const mixed = defineAuthSessions({
  sessions: {
    admin: { flow: usual, parameters: { username, password } },
    byHand: { type: 'recorder' },
    gateway: { httpCredentials: { username, password } },
  },
});
const mixedNames: readonly (keyof typeof mixed.sessions)[] = ['admin', 'byHand', 'gateway'];
mixedNames.includes('byHand');
// @ts-expect-error -- misspelt
mixedNames.includes('byHnad');
defineAuthSessions({
  sessions: {
    byHand: { type: 'recorder' },
    // @ts-expect-error -- a parameter is missing
    admin: { flow: byEmail, parameters: { email: username } },
  },
});
// @ts-expect-error -- misspelt
defineAuthSessions({ sessions: { byHand: { type: 'recorder', ttlSecond: 60 } } });
// @ts-expect-error -- no flow
defineAuthSessions({ sessions: { byHand: { type: 'recorder', flow: 7 } } });
// @ts-expect-error -- parameters without a flow
defineAuthSessions({ sessions: { admin: { parameters: { username } } } });
// @ts-expect-error -- runtime without a flow
defineAuthSessions({ sessions: { guest: { type: 'runtime' } } });
