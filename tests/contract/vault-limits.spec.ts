import { AuthSessionsError } from '../../src/core/errors.js';
import type { Clock, Vault } from '../../src/core/ports.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { systemClock } from '../../src/time/system-clock.js';
import type { RouteName } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { addAdmin, adminValues, code, password, readAdmin, username } from '../support/vault/admin-item.js';
import type { OnePasswordBench } from '../support/vault/one-password-bench.js';
import { expect, test } from '../support/vault/signed-in-test.js';

/** What a vault asks once, when it is cold. */
const coldRoutes: readonly RouteName[] = [
  'sign-in-start',
  'sign-in-agree',
  'sign-in-prove',
  'sign-in-complete',
  'keysets',
];
const warmRoutes: readonly RouteName[] = ['vaults', 'overviews', 'batch'];

let bench: OnePasswordBench;

test.beforeEach(({ signedInBench }) => {
  bench = signedInBench;
  addAdmin(bench);
});

test.describe('a rate limit', () => {
  for (const match of coldRoutes)
    test(`at ${match} ends all asking in this run`, ({ coldBench }) => expectEndOfAsking(coldBench, match));

  for (const match of warmRoutes)
    test(`at ${match} ends all asking in this run`, () => expectEndOfAsking(bench, match));

  test('at a code ends all asking in this run', async () => {
    bench.server.fault({ match: 'item', kind: 'status', status: 429, headers: { 'retry-after': '60' } });
    const error = await errorOf(bench.vault.readCode(code));
    expect(error).toMatchObject({ code: 'ERR_VAULT_RATE_LIMITED' });
    const asked = bench.server.count();
    expect(await errorOf(bench.vault.resolveAll([password]))).toBe(error);
    expect(bench.server.count()).toBe(asked);
  });

  for (const match of ['vaults', 'vault'] as const)
    test(`at a look at what the token reaches (${match}) ends all asking in this run`, async () => {
      await bench.vault.resolveAll([password]);
      bench.server.fault({ match, kind: 'status', status: 429 });
      const error = await errorOf(bench.vault.inspectReach!([password]));
      expect(error).toMatchObject({ code: 'ERR_VAULT_RATE_LIMITED' });
      bench.server.resetCounts();
      expect(await errorOf(bench.vault.resolveAll([password]))).toBe(error);
      expect(bench.server.count()).toBe(0);
    });

  test('the limit of a token, or of its whole account, gives 64 callers the same error', async ({
    coldBench: bench,
  }) => {
    addAdmin(bench);
    const windowSeconds = 3600;
    const account = bench.server.addAccount({ name: 'busy', rateLimit: { reads: 4, windowSeconds } });
    const vault = account.addVault({ title: 'automation' });
    const { token } = account.addServiceAccount({ vaults: [{ vault }] });
    const limitedOfAccount = bench.open({
      auth: { kind: 'service-account', token: new SecretValue(token, 'token') },
    });
    await bench.vault.resolveAll([password]);
    bench.server.fault({ match: { account: 'acme' }, kind: 'rate-limit', windowSeconds, times: 1 });
    for (const limited of [limitedOfAccount, bench.vault]) {
      const errors = await Promise.all(
        Array.from({ length: 64 }, async () => errorOf(askUntilItFails(limited))),
      );
      expect(new Set(errors).size).toBe(1);
      expect(errors[0]!.explanation.next).toMatch(/^Try again in (59|60) minutes/);
    }
  });

  test('without a time says to wait an hour', async () => {
    bench.server.fault({ match: 'batch', kind: 'status', status: 429 });
    expect((await errorOf(bench.vault.resolveAll([password]))).explanation.next).toContain('Wait an hour');
  });

  test('ends in a new run once its time is over', async () => {
    let nowMs = Date.now();
    const vault = bench.open({ clock: { ...systemClock, nowMs: () => nowMs } });
    const retryAfter = new Date(nowMs + 60_000).toUTCString();
    bench.server.fault({
      match: 'batch',
      kind: 'status',
      status: 429,
      times: 1,
      headers: { 'retry-after': retryAfter },
    });
    const error = await errorOf(vault.resolveAll([password]));
    vault.forgetFailures?.();
    expect(await errorOf(vault.resolveAll([password]))).toBe(error);
    nowMs += 60_000;
    vault.forgetFailures?.();
    expect(await readAdmin(vault)).toEqual(adminValues);
  });
});

test.describe('a server that never answers', () => {
  for (const match of coldRoutes)
    test(`at ${match} is waited for until the deadline`, ({ coldBench }) => expectDeadline(coldBench, match));

  for (const match of [...warmRoutes, 'item'] as const)
    test(`at ${match} is waited for until the deadline`, () => expectDeadline(bench, match));

  test('has its connection closed at the deadline, by the real clock', async ({ coldBench: bench }) => {
    const vault = bench.open({ deadlineMs: 1000 });
    bench.server.fault({ match: 'sign-in-start', kind: 'hang' });
    const startMs = performance.now();
    const error = await errorOf(vault.resolveAll([password]));
    expect(error.explanation.known).toBe('No response within 1 s while signing in to 1Password.');
    expect(performance.now() - startMs).toBeLessThan(6000);
    await expect.poll(() => bench.server.openRequests()).toBe(0);
  });

  test('no longer blocks a run that stops, while other callers wait', async ({ coldBench: bench }) => {
    addAdmin(bench);
    bench.server.fault({ match: 'sign-in-start', kind: 'delay', delayMs: 800, times: 1 });
    const stop = new AbortController();
    const stopped = new AuthSessionsError('ERR_STOPPED', {
      failed: 'The run was stopped.',
      next: 'Run again.',
    });
    const ended = errorOf(bench.vault.resolveAll([password], stop.signal));
    const waiting = readAdmin(bench.vault);
    while (bench.server.count() === 0) await systemClock.sleep(5);
    const startMs = performance.now();
    stop.abort(stopped);
    expect(await ended).toBe(stopped);
    expect(performance.now() - startMs).toBeLessThan(200);
    expect(await waiting).toEqual(adminValues);
  });

  test('no longer blocks a run that stops between two tries', async () => {
    const stop = new AbortController();
    const vault = bench.open({ random: () => 1_000_000 });
    bench.server.fault({ match: 'batch', kind: 'reset', times: 1 });
    const ended = vault.resolveAll([password], stop.signal).catch((error: unknown) => error);
    while (bench.server.count('batch') === 0) await systemClock.sleep(5);
    const reason = new Error('stop');
    stop.abort(reason);
    expect(await ended).toBe(reason);
  });
});

async function expectEndOfAsking({ vault, server }: OnePasswordBench, match: RouteName): Promise<void> {
  server.fault({ match, kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
  const errors = await Promise.all([
    errorOf(vault.resolveAll([password, username])),
    errorOf(vault.resolveAll([username])),
  ]);
  server.clearFaults();
  server.resetCounts();
  errors.push(await errorOf(vault.resolveAll([password])), await errorOf(vault.readCode(code)));
  expect(server.count()).toBe(0);
  expect(new Set(errors).size).toBe(1);
  expect(errors[0].message).toMatch(
    /^1Password's rate limit is reached\. This run sends no more requests\. .* Try again in 60 minutes, at \d{4}-\d\d-\d\d \d\d:\d\d UTC, .* \[ERR_VAULT_RATE_LIMITED\]$/,
  );
}

async function expectDeadline({ open, server }: OnePasswordBench, match: RouteName): Promise<void> {
  const handle = server.fault({ match, kind: 'hang' });
  const vault = open({ clock: clockThatEnds(() => handle.hits() === 1), deadlineMs: 30_000 });
  const ask = match === 'item' ? vault.readCode(code) : vault.resolveAll([password]);
  const doing = match.startsWith('sign-in') ? 'signing in to 1Password' : 'reading from 1Password';
  expect((await errorOf(ask)).message).toBe(
    `1Password did not answer in time. No response within 30 s while ${doing}. Check the network, any proxy, and https://status.1password.com. Then run again.` +
      ' [ERR_VAULT_UNREACHABLE]',
  );
  expect(handle.hits()).toBe(1);
}

/** A clock by which a deadline is over when `isOver` says so, and not before. */
function clockThatEnds(isOver: () => boolean): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    async sleep(_, signal) {
      while (!isOver()) await systemClock.sleep(5, signal);
    },
  };
}

/** A budget of reads is used up by asking. */
async function askUntilItFails(vault: Vault): Promise<void> {
  for (let count = 0; count < 9; count += 1) await vault.resolveAll([password]);
}
