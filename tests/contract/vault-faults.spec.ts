import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import { systemClock } from '../../src/broker/system-clock.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { Vault } from '../../src/core/ports.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { formatToken, login, parseToken, type Fault, type RouteName } from '../support/onepassword/index.js';
import { errorOf } from '../support/session-bench.js';
import { openOnePasswordBench, type OnePasswordBench } from '../support/vault/one-password-bench.js';

const username = parseSecretReference('op://automation/admin/username');
const password = parseSecretReference('op://automation/admin/password');
const code = parseSecretReference('op://automation/admin/one-time password?attribute=otp');
const unknownId = 'a'.repeat(26);
const routesOfReading: readonly RouteName[] = ['keysets', 'vaults', 'overviews', 'batch'];
const routesOfSignIn: readonly RouteName[] = [
  'sign-in-start',
  'sign-in-agree',
  'sign-in-prove',
  'sign-in-complete',
];
const everyRoute = [...routesOfSignIn, ...routesOfReading];

let bench: OnePasswordBench;

test.beforeEach(async () => {
  bench = await openOnePasswordBench();
  bench.automation.addItem(
    login({ title: 'admin', username: 'ada.lovelace', password: 'correct horse', totp: 'JBSWY3DPEHPK3PXP' }),
  );
});

test.afterEach(() => bench.close());

test.describe('what may go well a moment later', () => {
  const moments: readonly Fault[] = [
    { kind: 'reset' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'truncate', bytes: 40 },
    { kind: 'truncate', bytes: 40, ending: 'clean' },
  ];

  for (const fault of moments)
    test(`is tried again: ${describeFault(fault)}, anywhere`, async () => {
      test.slow();
      await bench.vault.resolveAll([password]);
      for (const match of everyRoute) {
        const vault = /^(sign-in|keysets)/.test(match) ? bench.open() : bench.vault;
        const handle = bench.server.fault({ ...fault, match, times: 1 });
        expect(await read(vault), match).toEqual(['ada.lovelace', 'correct horse']);
        expect(handle.hits(), match).toBe(1);
        handle.remove();
      }
    });

  test('is tried three times, with pauses of a random part of a time that doubles', async () => {
    const { vault, pauses } = withRecordedPauses(() => 0.5);
    await vault.resolveAll([password]);
    const handle = bench.server.fault({ match: 'batch', kind: 'status', status: 500 });
    const error = await errorOf(vault.resolveAll([password]));
    expect(error.message).toBe(
      "1Password's server failed. It did so again when it was asked once more. See https://status.1password.com, " +
        'and run again. [ERR_VAULT_UNREACHABLE]',
    );
    expect(handle.hits()).toBe(3);
    expect(pauses).toEqual([250, 500]);
  });

  test('is tried again by the next who asks, when it was a sign-in', async () => {
    const handle = bench.server.fault({ match: 'sign-in-start', kind: 'reset' });
    expect((await errorOf(bench.vault.resolveAll([password]))).code).toBe('ERR_VAULT_UNREACHABLE');
    expect(handle.hits()).toBe(3);
    handle.remove();
    expect(await read(bench.vault)).toEqual(['ada.lovelace', 'correct horse']);
  });

  test('is tried again for a code, whose item then gives it', async () => {
    const handle = bench.server.fault({ match: 'item', kind: 'reset', times: 2 });
    expect((await bench.vault.readCode(code)).code.reveal()).toMatch(/^\d{6}$/);
    expect(handle.hits()).toBe(2);
  });
});

test.describe('what stays as it is', () => {
  for (const [fault, expected] of [
    [{ kind: 'status', status: 400 }, 'ERR_VAULT_UNREACHABLE'],
    [{ kind: 'status', status: 302 }, 'ERR_VAULT_UNREACHABLE'],
    [{ kind: 'status', status: 403 }, 'ERR_VAULT_DENIED'],
    [{ kind: 'status', status: 404 }, 'ERR_VAULT_NOT_FOUND'],
    [{ kind: 'body', body: '<html>' }, 'ERR_VAULT_UNREACHABLE'],
    [{ kind: 'body', body: '{}' }, 'ERR_VAULT_UNREACHABLE'],
    [{ kind: 'rewrite', rewrite: () => [{}] }, 'ERR_VAULT_UNREACHABLE'],
  ] satisfies [Fault, string][])
    test(`is not tried again: ${describeFault(fault)}`, async () => {
      await bench.vault.resolveAll([password]);
      for (const match of ['vaults', 'overviews', 'item'] as const) {
        const handle = bench.server.fault({ ...fault, match });
        expect((await errorOf(fresh(bench).readCode(code))).code, match).toBe(expected);
        expect(handle.hits(), match).toBe(1);
        handle.remove();
      }
    });

  test('is not tried again: a token that is no longer accepted', async () => {
    await bench.vault.resolveAll([password]);
    bench.account.serviceAccounts[0]!.revoke();
    bench.server.resetCounts();
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toBe(
      '1Password does not accept the service account token. It was revoked, has expired, or belongs to another ' +
        'account. Make a new token, and replace OP_SERVICE_ACCOUNT_TOKEN. [ERR_VAULT_CREDENTIAL_INVALID]',
    );
    expect(bench.server.count('vaults')).toBeLessThanOrEqual(2);
  });

  test('is told as it is: a token that signs in, and whose sessions end at once', async () => {
    await bench.vault.resolveAll([password]);
    bench.server.fault({ match: 'vaults', kind: 'status', status: 401 });
    const error = await errorOf(bench.vault.resolveAll([password]));
    expect(error.message).toContain('It takes the token, and then refuses what is asked with it.');
    expect(bench.server.count('vaults')).toBeLessThanOrEqual(7);
  });

  test('is not asked twice: a sign-in that was refused', async () => {
    const handle = bench.server.fault({ match: 'sign-in-start', kind: 'status', status: 401 });
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(bench.vault.resolveAll([password]))));
    for (const error of [...errors, await errorOf(bench.vault.readCode(code))])
      expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    expect(handle.hits()).toBe(1);
    handle.remove();
    bench.vault.newRun?.();
    expect(await read(bench.vault)).toEqual(['ada.lovelace', 'correct horse']);
  });

  for (const [what, token] of [
    ['no token at all', ''],
    ['a text that is no token', 'correct horse'],
    ['a token that was cut short', 'ops_eyJzaWduSW5BZGRyZXNz'],
    ['a token of something else', `ops_${Buffer.from('{"a":1}').toString('base64url')}`],
  ] as const)
    test(`is told without a request: ${what}`, async () => {
      const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
      const error = await errorOf(vault.resolveAll([password]));
      expect(error.message).toContain('The service account token is not one.');
      expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
      expect(bench.server.count()).toBe(0);
    });

  test('is told: a token whose unlock key opens nothing, or whose server proves nothing', async () => {
    const contents = parseToken(bench.token);
    const muk = { ...contents.muk, k: Buffer.alloc(32).toString('base64url') };
    const token = new SecretValue(formatToken({ ...contents, muk }), 'token');
    const error = await errorOf(
      bench.open({ auth: { kind: 'service-account', token } }).resolveAll([password]),
    );
    expect(error.code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
    bench.server.fault({ kind: 'wrong-proof' });
    expect((await errorOf(bench.vault.resolveAll([password]))).code).toBe('ERR_VAULT_CREDENTIAL_INVALID');
  });
});

test.describe('a rate limit', () => {
  for (const match of everyRoute)
    test(`at ${match} ends all asking in this run`, async () => {
      bench.server.fault({ match, kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
      const errors = await Promise.all([
        errorOf(bench.vault.resolveAll([password, username])),
        errorOf(bench.vault.resolveAll([username])),
      ]);
      bench.server.clearFaults();
      bench.server.resetCounts();
      errors.push(
        await errorOf(bench.vault.resolveAll([password])),
        await errorOf(bench.vault.readCode(code)),
      );
      expect(bench.server.count()).toBe(0);
      expect(new Set(errors).size).toBe(1);
      expect(errors[0].message).toMatch(
        /^1Password's rate limit is reached, and it is not asked again in this run\. .* Try again in 60 minutes, at \d{4}-\d\d-\d\d \d\d:\d\d UTC, .* \[ERR_VAULT_RATE_LIMITED\]$/,
      );
    });

  test('without a time says to wait an hour', async () => {
    bench.server.fault({ match: 'batch', kind: 'status', status: 429 });
    expect((await errorOf(bench.vault.resolveAll([password]))).explanation.next).toContain('Wait an hour');
  });

  test('is over in a new run when its time is', async () => {
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
    vault.newRun?.();
    expect(await errorOf(vault.resolveAll([password]))).toBe(error);
    nowMs += 60_000;
    vault.newRun?.();
    expect(await read(vault)).toEqual(['ada.lovelace', 'correct horse']);
  });
});

test.describe('a server that never answers', () => {
  for (const match of ['sign-in-start', 'vaults', 'batch'] as const)
    test(`at ${match} is waited for until the deadline, and its connection is ended`, async () => {
      const vault = bench.open({ deadlineMs: 1500 });
      bench.server.fault({ match, kind: 'hang' });
      const startMs = performance.now();
      const error = await errorOf(vault.resolveAll([password]));
      expect(performance.now() - startMs).toBeLessThan(6000);
      expect(error.message).toMatch(
        /^1Password did not answer\. Nothing came within 1\.5 s while (signing in to|reading from) 1Password\. Check/,
      );
      expect(error.code).toBe('ERR_VAULT_UNREACHABLE');
    });

  test('is no longer waited for when the run stops, while others wait on', async () => {
    bench.server.fault({ match: 'sign-in-start', kind: 'delay', delayMs: 800, times: 1 });
    const stop = new AbortController();
    const stopped = new AuthSessionsError('ERR_STOPPED', {
      failed: 'The run was stopped.',
      next: 'Run again.',
    });
    const ended = errorOf(bench.vault.resolveAll([password], stop.signal));
    const waiting = read(bench.vault);
    while (bench.server.count() === 0) await systemClock.sleep(5);
    const startMs = performance.now();
    stop.abort(stopped);
    expect(await ended).toBe(stopped);
    expect(performance.now() - startMs).toBeLessThan(200);
    expect(await waiting).toEqual(['ada.lovelace', 'correct horse']);
  });

  test('is no longer waited for when the run stops between two tries', async () => {
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

test.describe('a reference that takes others with it', () => {
  test('an unknown or archived ID among many is found, and the others are answered', async () => {
    const archived = bench.automation.addItem(login({ title: 'archived', password: 'x' }));
    archived.archive();
    const items = Array.from({ length: 40 }, (_, index) =>
      bench.automation.addItem(login({ title: `user-${index}`, password: `of user ${index}` })),
    );
    const good = items.map(({ id }) => parseSecretReference(`op://automation/${id}/password`));
    const bad = [archived.id, unknownId].map((id) => parseSecretReference(`op://automation/${id}/password`));
    const answers = await bench.vault.resolveAll([...good.slice(0, 13), ...bad, ...good.slice(13)]);
    expect(good.map(({ text }) => (answers.get(text) as SecretValue).reveal())).toEqual(
      items.map((_, index) => `of user ${index}`),
    );
    expect(bad.map(({ text }) => (answers.get(text) as Error).message)).toEqual([
      `Secret reference "${bad[0]!.text}" cannot be resolved. Its item is archived or deleted. Restore the item in 1Password, or use another one. [ERR_VAULT_NOT_FOUND]`,
      `Secret reference "${bad[1]!.text}" cannot be resolved. The vault has no item of this ID, or it is archived. Check the spelling, or copy the reference from 1Password; the service account must have access. [ERR_VAULT_NOT_FOUND]`,
    ]);
    expect(bench.vault.requestCount()).toBeLessThan(60);
  });

  test('a vault that denies access leaves the other vaults their answers', async () => {
    const other = bench.account.addVault({ title: 'other' });
    other.addItem(login({ title: 'admin', password: 'another' }));
    const { token } = bench.account.addServiceAccount({
      vaults: [{ vault: bench.automation }, { vault: other }],
    });
    for (const match of ['overviews', 'batch'] as const) {
      const vault = bench.open({ auth: { kind: 'service-account', token: new SecretValue(token, 'token') } });
      const path = new RegExp(`${bench.automation.id}/items/${match}`);
      const handle = bench.server.fault({ match: { path }, kind: 'status', status: 403 });
      const there = parseSecretReference('op://other/admin/password');
      const answers = await vault.resolveAll([username, there, password]);
      expect((answers.get(there.text) as SecretValue).reveal()).toBe('another');
      for (const { text } of [username, password])
        expect(answers.get(text)).toMatchObject({ code: 'ERR_VAULT_DENIED', reference: text });
      handle.remove();
    }
  });

  test('two items of one title are told apart from the others', async () => {
    bench.automation.addItem(login({ title: 'twin' }));
    bench.automation.addItem(login({ title: 'Twin' }));
    const twin = parseSecretReference('op://automation/twin/password');
    const answers = await bench.vault.resolveAll([twin, password]);
    expect(answers.get(twin.text)).toMatchObject({ code: 'ERR_VAULT_AMBIGUOUS' });
    expect((answers.get(password.text) as SecretValue).reveal()).toBe('correct horse');
  });

  for (const [what, vaultPart, itemPart] of [
    ['of the item', 'automation', unknownId],
    ['of the item in a vault given by ID', 'ID', unknownId],
    ['of the vault', unknownId, 'admin'],
    ['of both', unknownId, unknownId],
  ] as const)
    test(`an unknown ID ${what} is not called an unknown vault`, async () => {
      const vaultId = vaultPart === 'ID' ? bench.automation.id : vaultPart;
      const reference = parseSecretReference(`op://${vaultId}/${itemPart}/password`);
      const answer = (await bench.vault.resolveAll([reference])).get(reference.text);
      expect(answer).toMatchObject({ code: 'ERR_VAULT_NOT_FOUND', reference: reference.text });
      expect(String(answer)).toContain(
        vaultPart === 'automation'
          ? 'The vault has no item of this ID, or it is archived.'
          : 'No vault that the service account can see has this ID, or the vault has no such item.',
      );
    });
});

test.describe('a client that broke down', () => {
  /** What the SDK calls inside: a panic of it cannot be brought about from outside. */
  const core = createRequire(createRequire(import.meta.url).resolve('@1password/sdk'))(
    '@1password/sdk-core',
  ) as {
    invoke: (parameters: string) => Promise<string>;
  };
  const { invoke } = core;

  test.afterEach(() => {
    core.invoke = invoke;
  });

  for (const panic of [
    'RuntimeError: unreachable',
    'Error: recursive use of an object detected which would lead to unsafe aliasing in rust',
  ])
    test(`is made anew, once: ${panic}`, async () => {
      await bench.vault.resolveAll([password]);
      let panics = 1;
      core.invoke = (parameters) => (panics-- > 0 ? Promise.reject(asThrown(panic)) : invoke(parameters));
      expect(await read(bench.vault)).toEqual(['ada.lovelace', 'correct horse']);
      expect(bench.server.count('sign-in-start')).toBe(2);
      core.invoke = () => Promise.reject(asThrown(panic));
      const error = await errorOf(bench.vault.resolveAll([password]));
      expect(error.message).toContain("1Password's SDK broke down. It did so again with a new client.");
      expect(bench.server.count('sign-in-start')).toBe(2);
    });
});

test('no error of any fault has a value in it, or a part of the token', async () => {
  const faults: readonly Fault[] = [
    ...[400, 401, 403, 404, 409, 429, 500].map((status) => ({ kind: 'status' as const, status })),
    { kind: 'body', body: 'correct horse' },
    { kind: 'body', body: JSON.stringify({ password: 'correct horse' }) },
    { kind: 'rewrite', rewrite: () => [{ uuid: 'correct horse' }] },
    { kind: 'truncate', bytes: 60, ending: 'clean' },
    { kind: 'reset' },
    { kind: 'wrong-proof' },
  ];
  const contents = parseToken(bench.token);
  const secrets = [
    'correct horse',
    'ada.lovelace',
    bench.token,
    contents.srpX,
    contents.secretKey,
    contents.muk.k,
  ];
  test.slow();
  await bench.vault.resolveAll([password]);
  for (const fault of faults)
    for (const match of ['sign-in-start', 'sign-in-prove', 'vaults', 'item', 'batch'] as const) {
      const handle = bench.server.fault({ ...fault, match });
      const vault = match.startsWith('sign-in') ? bench.open() : bench.vault;
      const thrown = await Promise.all([
        vault.resolveAll([password]).catch((error: unknown) => error),
        vault.readCode(code).catch((error: unknown) => error),
      ]);
      const told = inspect(
        thrown.map((one) =>
          one instanceof Map ? [...one.values()].filter((answer) => answer instanceof Error) : one,
        ),
        { depth: 9, showHidden: true },
      );
      for (const secret of secrets) expect(told).not.toContain(secret);
      handle.remove();
      vault.newRun?.();
    }
});

/** Another run's vault on the same client's account, which knows no IDs. */
function fresh({ open }: OnePasswordBench): Vault {
  return open();
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

async function read(vault: Vault): Promise<string[]> {
  const answers = await vault.resolveAll([username, password]);
  return [username, password].map(({ text }) => {
    const answer = answers.get(text);
    if (answer instanceof SecretValue) return answer.reveal();
    throw answer ?? new Error('no answer');
  });
}

/** As the SDK's inside throws it: a text, or a WebAssembly error. */
function asThrown(text: string): Error {
  const [name = '', message = ''] = text.split(': ');
  return Object.assign(new Error(message), { name });
}

function describeFault(fault: Fault): string {
  if (fault.kind === 'status') return `status ${fault.status}`;
  if (fault.kind === 'body') return `the text ${fault.body}`;
  if (fault.kind === 'truncate') return `an answer cut short, ${fault.ending ?? 'broken'}`;
  return fault.kind;
}
