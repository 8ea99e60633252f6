import { expect, test } from '@playwright/test';
import { formatGreeting, formatSummary } from '../../src/core/format-run.js';
import type { RunSummary, SessionSummary } from '../../src/core/session-event.js';
import { runSamples } from '../support/run-samples.js';

const counts = { sessions: 2, references: 6, store: 'files in .auth-sessions' };

test.describe('the first line of a run', () => {
  for (const [decision, from] of [
    [{ environment: 'deployed', why: 'TOKEN is set' }, 'deployed: 1Password (TOKEN is set)'],
    [{ environment: 'local', why: 'no' }, 'local test credentials in .env.auth-sessions, .env.mine (no)'],
    [{ environment: 'skip', why: 'no' }, 'tests that need a session are skipped (no)'],
  ] as const)
    test(`reports the environment ${decision.environment}`, () => {
      const localFiles = ['.env.auth-sessions', '.env.mine'];
      expect(formatGreeting({ decision, ...counts, localFiles })).toBe(
        `Auth sessions: ${from} · 2 sessions, 6 references · files in .auth-sessions`,
      );
    });

  test('counts one as one', () => {
    const decision = { environment: 'skip', why: 'no' } as const;
    const line = formatGreeting({ decision, sessions: 1, references: 1, store: 'memory', localFiles: [] });
    expect(line).toContain('· 1 session, 1 reference · memory');
  });
});

test('the end of a run is a table, its notes and its totals', () => {
  const sessions = [
    summaryOf({
      session: 'admin',
      outcome: 'created',
      durationMs: 4210,
      signIns: 1,
      waiters: 3,
      handedOut: 40,
    }),
    summaryOf({
      ...{ session: 'customer-with-a-long-name', outcome: 'failed', errorCode: 'ERR_CREDENTIALS_REJECTED' },
      ...{ durationMs: 949, signIns: 1, notes: ['a check threw: no', 'and more'] },
    }),
  ];
  const totals = { signIns: 2, vaultRequests: 1, codes: 0, handedOut: 40 };
  expect(formatSummary(runOf(sessions, totals)).split('\n')).toEqual([
    'Auth sessions',
    '  session                    outcome                          took   sign-ins  waited  handed out',
    '  admin                      created                          4.2 s  1         3       40',
    '  customer-with-a-long-name  failed ERR_CREDENTIALS_REJECTED  0.9 s  1         0       0',
    '  customer-with-a-long-name: a check threw: no',
    '  customer-with-a-long-name: and more',
    '  2 sign-ins, 1 vault request, 0 codes',
    '',
  ]);
});

test('a session that was used with several base URLs is listed once for each', () => {
  const sessions = [
    summaryOf({ baseURL: 'https://one.example', notes: ['slow'] }),
    summaryOf({ baseURL: 'https://two.example/app' }),
    summaryOf({ baseURL: undefined }),
    summaryOf({ session: 'customer', baseURL: 'https://one.example' }),
  ];
  const totals = { signIns: 0, vaultRequests: 0, codes: 0, handedOut: 0 };
  expect(formatSummary(runOf(sessions, totals)).split('\n').slice(2, 7)).toEqual([
    '  admin (https://one.example)      restored  0.0 s  0         0       0',
    '  admin (https://two.example/app)  restored  0.0 s  0         0       0',
    '  admin                            restored  0.0 s  0         0       0',
    '  customer                         restored  0.0 s  0         0       0',
    '  admin (https://one.example): slow',
  ]);
});

test('the end of a run that asked for no session says how to ask for one', () => {
  const run = runOf([], { signIns: 0, vaultRequests: 0, codes: 0, handedOut: 0 });
  expect(formatSummary(run)).toContain(
    "no test used one. A test names its session by test.use({ authSession: '…' })",
  );
  expect(formatSummary({ ...run, environment: 'skip' })).toBe('');
  const { vaultReads } = runSamples.one ?? run;
  expect(formatSummary({ ...run, vaultReads })).toBe('');
});

test('the end of a run whose only session is misspelt names the nearest one, once', () => {
  const run = runSamples.misspelt ?? runOf([], { signIns: 0, vaultRequests: 0, codes: 0, handedOut: 0 });
  expect(formatSummary(run).split('\n')).toEqual([
    'Auth sessions',
    '  session  outcome                     took   sign-ins  waited  handed out',
    '  admni    failed ERR_SESSION_UNKNOWN  0.0 s  0         2       0',
    '  There is no session "admni". Did you mean "admin"?',
    '  0 sign-ins, 0 vault requests, 0 codes',
    '',
  ]);
});

test('a shard reports only its own tests', () => {
  const run = runOf([], { signIns: 0, vaultRequests: 0, codes: 0, handedOut: 0 });
  expect(formatSummary(run, { shard: { current: 3, total: 3 } })).toBe(
    'Auth sessions: no test of shard 3/3 used one.\n',
  );
  expect(formatSummary(run, { shard: null })).toBe(formatSummary(run));
});

test('the totals say what the budget of each vault leaves', () => {
  const run = runOf([summaryOf({})], { signIns: 0, vaultRequests: 14, codes: 0, handedOut: 0 });
  const vaultBudgets = [
    { sent: 9, left: 491 },
    { connection: 'staging', sent: 5, left: 0 },
  ];
  expect(formatSummary({ ...run, vaultBudgets })).toContain(
    '14 vault requests (491 left, "staging": 0 left), 0 codes',
  );
  expect(formatSummary({ ...run, vaultBudgets, shards: [] })).toContain(
    '14 vault requests (491 left, "staging": 0 left in all shards), 0 codes',
  );
});

function runOf(sessions: SessionSummary[], totals: RunSummary['totals']): RunSummary {
  return {
    ...{ environment: 'local', store: 'memory', startedAtMs: 0, endedAtMs: 0 },
    ...{ sessions, events: [], uses: [], vaultReads: [], totals },
  };
}

function summaryOf(own: Partial<SessionSummary>): SessionSummary {
  return {
    ...{ session: 'admin', baseURL: undefined, outcome: 'restored', created: 0, restored: 0, renewed: 0 },
    ...{ failed: 0, durationMs: 0, waiters: 0, handedOut: 0, signIns: 0, store: 'memory', notes: [] },
    ...own,
  };
}

test('the first line of a shard without a common store names what other machines may use at the same time', () => {
  const decision = { environment: 'skip', why: 'no' } as const;
  const greeting = { decision, sessions: 5, references: 5, store: 'memory', localFiles: [] };
  const ofThisMachine = ['customer', 'solo'];
  const line = (total: number, names: readonly string[]) =>
    formatGreeting({ ...greeting, ofThisMachine: names }, { workers: 1, shard: { current: 1, total } });
  expect(line(2, ofThisMachine)).toMatch(
    / · shards on other machines do not know who uses "customer" and "solo": set AUTH_SESSIONS_STORE_URL$/,
  );
  expect(line(1, ofThisMachine)).toMatch(/ · memory$/);
  expect(line(2, [])).toMatch(/ · memory$/);
});

test('the first line says which pools have fewer accounts than the run has workers', () => {
  const pools = [
    { name: 'customer', accounts: 1 },
    { name: 'agent', accounts: 4 },
  ];
  const decision = { environment: 'local', why: 'a test' } as const;
  const greeting = { decision, sessions: 5, references: 5, store: 'memory', localFiles: [], pools };
  expect(formatGreeting(greeting, { workers: 4 })).toMatch(
    / · memory · "customer" has 1 account for 4 workers, so tests may wait$/,
  );
  expect(formatGreeting(greeting, { workers: 1 })).toMatch(/ · memory$/);
  expect(formatGreeting(greeting, { workers: 1, shard: null })).toMatch(/ · memory$/);
  expect(formatGreeting(greeting, { workers: 2, shard: { current: 1, total: 3 } })).toMatch(
    / · "customer" has 1 account for 6 workers of 3 shards, so tests may wait · "agent" has 4 accounts for 6 /,
  );
});

test('the first line names each token that expires soon', () => {
  const decision = { environment: 'deployed', why: 'a test' } as const;
  const greeting = { decision, ...counts, localFiles: [] };
  const endingTokens = [
    { variable: 'OP_SERVICE_ACCOUNT_TOKEN', date: '2027-01-31', daysLeft: 9 },
    { variable: 'OP_SERVICE_ACCOUNT_TOKEN_STAGING', date: '2027-01-01', daysLeft: -21 },
  ];
  expect(formatGreeting({ ...greeting, endingTokens })).toMatch(
    / · OP_SERVICE_ACCOUNT_TOKEN expires in 9 days, on 2027-01-31: replace it, and tokenExpires · OP_SERVICE_ACCOUNT_TOKEN_STAGING expired on 2027-01-01: replace it, and tokenExpires$/,
  );
});
