import { createHash } from 'node:crypto';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { CredentialsRejectedError } from '../../src/core/errors.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import type { SessionEvent } from '../../src/core/session-event.js';
import type { VaultAccess } from '../../src/core/vault-access.js';
import { createAccessLog } from '../../src/credentials/access-log.js';
import { createCodeDesk } from '../../src/credentials/code-desk.js';
import { createCredentialsDesk, type CredentialsDesk } from '../../src/credentials/credentials-desk.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { createAccountDesk } from '../../src/session/account-desk.js';
import { createAuthSessionPool, type AuthSessionPool } from '../../src/session/auth-session-pool.js';
import { createMemoryRefusals } from '../../src/store/memory-refusals.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { systemClock } from '../../src/time/system-clock.js';
import { declareSession, stateOf } from '../support/declared-session.js';
import { login, type Item } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

let bench: OnePasswordBench;
let items: Record<'admin' | 'customer', Item>;
let desk: CredentialsDesk;
let pool: AuthSessionPool;
let redactor: Redactor;
let typed: string[];
let events: SessionEvent[];
let accesses: VaultAccess[];
/** What the application takes. */
let accepted: string[];

const admin = sessionOf('admin');
const customer = sessionOf('customer');

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  const totp = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  items = {
    admin: bench.automation.addItem(
      login({ title: 'admin', username: 'ada', password: 'first secret', totp }),
    ),
    customer: bench.automation.addItem(
      login({ title: 'customer', username: 'bob', password: 'of customer', totp }),
    ),
  };
  [typed, events, accesses, accepted] = [[], [], [], ['first secret', 'of customer']];
  redactor = createRedactor();
  const clock = systemClock;
  const store = createMemoryStore({ clock });
  const { signal } = new AbortController();
  desk = createCredentialsDesk({
    vault: bench.vault,
    redactor,
    signal,
    alsoNeeded: (asked) => Promise.resolve([admin, customer].filter((one) => one !== asked)),
    codes: createCodeDesk({
      vault: bench.vault,
      store,
      clock,
      minRemainingSeconds: 0,
      fingerprint: (text) => text,
    }),
    log: createAccessLog({
      vault: 'one-password',
      nowMs: () => clock.nowMs(),
      write: (access) => Promise.resolve(void accesses.push(access)),
    }),
  });
  pool = createAuthSessionPool({
    store,
    accounts: createAccountDesk({
      ...{ store, clock, signal, failures: new Map(), onFailure: () => undefined },
      refusals: createMemoryRefusals({ clock }),
      fingerprint: (text) => createHash('sha256').update(text).digest('hex'),
    }),
    clock,
    signal,
    flows: {
      create({ values }) {
        typed.push(values.password!);
        return accepted.includes(values.password!)
          ? Promise.resolve(stateOf(values.password!))
          : Promise.reject(new CredentialsRejectedError('Wrong password'));
      },
      destroy: () => Promise.resolve(false),
      check: ({ from }) => Promise.resolve({ signedIn: true, state: from }),
    },
    seal: (record) => Promise.resolve(JSON.stringify(record)),
    open: (sealed) => Promise.resolve({ ok: true, record: JSON.parse(sealed) as never }),
    newId: () => `id-${typed.length}`,
    report: (event) => events.push(event),
    failures: new Map(),
    onFailure: () => undefined,
  });
});

test('a password that was changed since it was read is read again, and signs in', async () => {
  await acquire(customer); // which reads for admin as well
  items.admin.setField('password', 'second secret');
  accepted = ['second secret'];
  const batches = bench.server.count('batch');
  await acquire(admin);
  expect(typed).toEqual(['of customer', 'first secret', 'second secret']);
  expect(bench.server.count('batch')).toBe(batches + 1);
  expect(events.at(-1)).toMatchObject({
    outcome: 'created',
    signIns: 2,
    notes: ['sign-in 1 was rejected, and its values had changed in the vault'],
  });
  expect(redactor.redact('typed second secret')).toBe('typed [redacted:admin.password]');
});

test('a session that is renewed later in the run signs in with the changed password', async () => {
  const { id } = await acquire(admin);
  items.admin.setField('password', 'second secret');
  accepted = ['second secret'];
  await pool.invalidate('admin', id);
  await acquire(admin);
  expect(typed).toEqual(['first secret', 'first secret', 'second secret']);
  expect(events.map(({ outcome }) => outcome)).toEqual(['created', 'renewed']);
});

test('a password that is the same in the vault is not tried again', async () => {
  await acquire(customer);
  accepted = [];
  expect((await errorOf(acquire(admin))).code).toBe('ERR_CREDENTIALS_REJECTED');
  expect(typed).toEqual(['of customer', 'first secret']);
});

test('a password that was read for this very sign-in is not read again', async () => {
  accepted = [];
  expect((await errorOf(acquire(admin))).code).toBe('ERR_CREDENTIALS_REJECTED');
  expect(typed).toEqual(['first secret']);
  expect(bench.server.count('batch')).toBe(1);
});

test('a changed password that is rejected too is the last attempt', async () => {
  await acquire(customer);
  items.admin.setField('password', 'second secret');
  accepted = [];
  expect((await errorOf(acquire(sessionOf('admin', { createAttempts: 9 })))).code).toBe(
    'ERR_CREDENTIALS_REJECTED',
  );
  expect(typed).toEqual(['of customer', 'first secret', 'second secret']);
  expect(bench.server.count('batch')).toBe(2);
});

test('a vault that cannot be read again leaves the refusal as the error', async () => {
  await acquire(customer);
  accepted = [];
  bench.server.fault({ match: 'vaults', kind: 'status', status: 403 });
  expect((await errorOf(acquire(admin))).code).toBe('ERR_CREDENTIALS_REJECTED');
});

test('the access log has session, purpose, source and outcome of each read', async () => {
  items.customer.rename('nobody');
  await acquire(admin);
  await errorOf(acquire(customer));
  const { nextCode } = await desk.of(admin, 'test');
  await nextCode(new AbortController().signal);
  await pool.invalidate('admin', 'id-1');
  await acquire(admin);
  const lines = accesses.map(({ session, why, from, outcome, reference }) => [
    ...[session, why, from, outcome, reference],
  ]);
  expect(lines).toEqual([
    ['admin', 'create', 'vault', 'resolved', 'op://automation/admin/username'],
    ['admin', 'create', 'vault', 'resolved', 'op://automation/admin/password'],
    ['customer', 'create', 'vault', 'ERR_VAULT_NOT_FOUND', 'op://automation/customer/username'],
    ['customer', 'create', 'vault', 'ERR_VAULT_NOT_FOUND', 'op://automation/customer/password'],
    ['admin', 'create', 'vault', 'resolved', 'op://automation/admin/one-time password?attribute=otp'],
    ['customer', 'create', 'memory', 'ERR_VAULT_NOT_FOUND', 'op://automation/customer/username'],
    ['customer', 'create', 'memory', 'ERR_VAULT_NOT_FOUND', 'op://automation/customer/password'],
    [
      ...['customer', 'create', 'vault', 'ERR_VAULT_NOT_FOUND'],
      'op://automation/customer/one-time password?attribute=otp',
    ],
    ['admin', 'test', 'memory', 'resolved', 'op://automation/admin/username'],
    ['admin', 'test', 'memory', 'resolved', 'op://automation/admin/password'],
    // A code that was read to check its seed is handed out, unless its time step has ended meanwhile.
    [
      ...['admin', 'test', expect.stringMatching(/^(?:vault|memory)$/), 'resolved'],
      'op://automation/admin/one-time password?attribute=otp',
    ],
    ['admin', 'renew', 'memory', 'resolved', 'op://automation/admin/username'],
    ['admin', 'renew', 'memory', 'resolved', 'op://automation/admin/password'],
  ]);
  for (const access of accesses) {
    expect(Object.keys(access).sort()).toEqual(
      ['durationMs', 'from', 'outcome', 'reference', 'session', 'vault', 'when', 'why'].sort(),
    );
    expect(access.when).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(access.durationMs).toBeGreaterThanOrEqual(0);
  }
  expect(JSON.stringify(accesses)).not.toMatch(/secret|ada|bob|\d{6}"/);
});

function sessionOf(name: string, own: Partial<DeclaredSession> = {}): DeclaredSession {
  const reference = (field: string) => parseSecretReference(`op://automation/${name}/${field}`);
  return declareSession({
    name,
    values: new Map(['username', 'password'].map((field) => [field, reference(field)])),
    code: reference('one-time password?attribute=otp'),
    ...own,
  });
}

async function acquire(session: DeclaredSession) {
  const { record } = await pool.acquire({
    key: session.name,
    session,
    place: { baseURL: 'https://app.example', project: undefined },
    credentials: (why) => desk.of(session, why),
  });
  return record;
}
