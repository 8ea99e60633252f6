import type { Vault } from '../../src/core/ports.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { systemClock } from '../../src/time/system-clock.js';
import { formatToken, parseToken, type Fault, type RouteName } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { addAdmin, adminValues, code, password, readAdmin } from '../support/vault/admin-item.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => use(signedInBench));

test.describe('a temporary failure', () => {
  const moments: readonly Fault[] = [
    { kind: 'reset' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'truncate', bytes: 40 },
    { kind: 'truncate', bytes: 40, ending: 'clean' },
  ];

  /** A sign-in and a call have three tries each: two of each meet the fault, in a vault that is cold. */
  const coldReads: readonly (readonly RouteName[])[] = [
    ['sign-in-start', 'sign-in-prove', 'keysets', 'overviews'],
    ['sign-in-agree', 'sign-in-complete', 'vaults', 'batch'],
  ];
  for (const fault of moments)
    test(`is retried at every route: ${describeFault(fault)}`, async ({ coldBench }) => {
      use(coldBench);
      test.slow(); // six sign-ins and their maths, on a machine that may be busy
      for (const routes of coldReads) {
        const handles = routes.map((match) => bench.server.fault({ ...fault, match, times: 1 }));
        expect(await readAdmin(bench.open()), routes.join()).toEqual(adminValues);
        expect(handles.map((handle) => handle.hits())).toEqual([1, 1, 1, 1]);
      }
    });

  test('is tried three times, with random pauses whose limit doubles', async () => {
    const { vault, pauses } = withRecordedPauses(() => 0.5);
    await vault.resolveAll([password]);
    const handle = bench.server.fault({ match: 'batch', kind: 'status', status: 500 });
    const error = await errorOf(vault.resolveAll([password]));
    expect(error.message).toBe(
      "1Password's server failed. It failed again on a retry. See https://status.1password.com, " +
        'and run again. [ERR_VAULT_UNREACHABLE]',
    );
    expect(handle.hits()).toBe(3);
    expect(pauses).toEqual([250, 500]);
  });

  test('the next caller retries a sign-in that failed for a moment', async ({ coldBench }) => {
    use(coldBench);
    const handle = bench.server.fault({ match: 'sign-in-start', kind: 'reset' });
    expect((await errorOf(bench.vault.resolveAll([password]))).code).toBe('ERR_VAULT_UNREACHABLE');
    expect(handle.hits()).toBe(3);
    handle.remove();
    expect(await readAdmin(bench.vault)).toEqual(adminValues);
  });

  test('at a code is retried, until its item gives the code', async () => {
    const handle = bench.server.fault({ match: 'item', kind: 'reset', times: 2 });
    expect((await bench.vault.readCode(code)).code.reveal()).toMatch(/^\d{6}$/);
    expect(handle.hits()).toBe(2);
  });
});

test.describe('a permanent failure', () => {
  for (const [fault, expected] of [
    [{ kind: 'status', status: 400 }, 'ERR_VAULT_UNTRUSTED'],
    [{ kind: 'status', status: 302 }, 'ERR_VAULT_UNTRUSTED'],
    [{ kind: 'status', status: 403 }, 'ERR_VAULT_DENIED'],
    [{ kind: 'status', status: 404 }, 'ERR_VAULT_NOT_FOUND'],
    [{ kind: 'body', body: '<html>' }, 'ERR_VAULT_UNTRUSTED'],
    [{ kind: 'body', body: '{}' }, 'ERR_VAULT_UNTRUSTED'],
    [{ kind: 'rewrite', rewrite: () => [{}] }, 'ERR_VAULT_UNTRUSTED'],
  ] satisfies [Fault, string][])
    test(`is not retried: ${describeFault(fault)}`, async () => {
      await bench.vault.resolveAll([password]);
      for (const match of ['vaults', 'overviews', 'item'] as const) {
        const handle = bench.server.fault({ ...fault, match });
        expect((await errorOf(bench.open().readCode(code))).code, match).toBe(expected);
        // Once more, when the lists are asked why the reference names nothing.
        const isListed = expected === 'ERR_VAULT_NOT_FOUND' && match !== 'item';
        expect(handle.hits(), match).toBe(isListed ? 2 : 1);
        handle.remove();
      }
    });

  test('is not retried: a token that is no longer accepted', async ({ coldBench }) => {
    use(coldBench);
    await bench.vault.resolveAll([password]);
    bench.account.serviceAccounts[0]!.revoke();
    bench.server.resetCounts();
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toBe(
      '1Password rejected the service account token. It was revoked, has expired, or belongs to another ' +
        'account. Create a new token, and replace OP_SERVICE_ACCOUNT_TOKEN. [ERR_VAULT_CREDENTIAL_INVALID]',
    );
    expect([bench.server.count('vaults'), bench.server.count('sign-in-start')]).toEqual([1, 2]);
  });

  test('is reported exactly: a token that signs in, and whose sessions end at once', async ({
    coldBench,
  }) => {
    use(coldBench);
    await bench.vault.resolveAll([password]);
    bench.server.fault({ match: 'vaults', kind: 'status', status: 401 });
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toContain('It accepts the token, but rejects the requests made with it.');
    // What the SDK asks again by itself, and once more with a new client.
    expect([bench.server.count('vaults') - 1, bench.server.count('sign-in-start') - 1]).toEqual([4, 3]);
  });

  test('is not retried: a sign-in that was refused', async ({ coldBench }) => {
    use(coldBench);
    const handle = bench.server.fault({ match: 'sign-in-start', kind: 'status', status: 401 });
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(bench.vault.resolveAll([password]))));
    for (const error of [...errors, await errorOf(bench.vault.readCode(code))])
      expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    expect(handle.hits()).toBe(1);
    handle.remove();
    bench.vault.forgetFailures?.();
    expect(await readAdmin(bench.vault)).toEqual(adminValues);
  });

  for (const [what, token] of [
    ['no token at all', ''],
    ['a text that is no token', 'correct horse'],
    ['a token that was cut short', 'ops_eyJzaWduSW5BZGRyZXNz'],
    ['a token of something else', `ops_${Buffer.from('{"a":1}').toString('base64url')}`],
  ] as const)
    test(`is reported without a request: ${what}`, async () => {
      const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
      const error = await errorOf(vault.resolveAll([password]));
      expect(error.message).toContain('The service account token is malformed.');
      expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
      expect(bench.server.count()).toBe(0);
    });

  test('is reported: a token whose unlock key opens nothing', async () => {
    const contents = parseToken(bench.token);
    const muk = { ...contents.muk, k: Buffer.alloc(32).toString('base64url') };
    const token = new SecretValue(formatToken({ ...contents, muk }), 'token');
    const error = await errorOf(
      bench.open({ auth: { kind: 'service-account', token } }).resolveAll([password]),
    );
    expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
  });

  test('is reported, and not retried: a server that cannot prove that it is 1Password', async ({
    coldBench,
  }) => {
    use(coldBench);
    const handle = bench.server.fault({ kind: 'wrong-proof', match: 'sign-in-prove' });
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toBe(
      'The server could not prove that it is 1Password, so nothing was requested. It does not know the ' +
        "token's key: a proxy may be in between. Check the network and any proxy. If it fails again, create a " +
        'new token. [ERR_VAULT_UNTRUSTED]',
    );
    expect(await errorOf(bench.vault.readCode(code))).toMatchObject({ code: 'ERR_VAULT_UNTRUSTED' });
    expect([handle.hits(), bench.server.count('sign-in-complete'), bench.server.count('vaults')]).toEqual([
      1, 0, 0,
    ]);
  });
});

function use(other: OnePasswordBench): void {
  bench = other;
  addAdmin(bench);
}

function withRecordedPauses(random: () => number): { vault: Vault; pauses: number[] } {
  const pauses: number[] = [];
  const deadlineMs = 20_001;
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => {
      if (ms === deadlineMs) return systemClock.sleep(ms, signal);
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return { vault: bench.open({ clock, random, deadlineMs }), pauses };
}

function describeFault(fault: Fault): string {
  if (fault.kind === 'status') return `status ${fault.status}`;
  if (fault.kind === 'body') return `the text ${fault.body}`;
  if (fault.kind === 'truncate') return `an answer cut short, ${fault.ending ?? 'broken'}`;
  return fault.kind;
}
