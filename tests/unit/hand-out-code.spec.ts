import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { SessionStore, Vault } from '../../src/core/ports.js';
import { parseSecretReference, type SecretReference } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { timeStepAt } from '../../src/core/totp.js';
import { createCodeDesk, type CodeDesk, type CodeWaiting } from '../../src/credentials/code-desk.js';
import type { CodeRequest } from '../../src/credentials/refuse-code.js';
import { createCodeWaitReporter } from '../../src/credentials/report-code-wait.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { createFakeClock, settle, type FakeClock } from '../support/fake-clock.js';
import { propertyRuns } from '../support/property-runs.js';
import { errorOf } from '../support/session-bench.js';

const admin = parseSecretReference('op://qa/admin/one-time password?attribute=otp');
const customer = parseSecretReference('op://qa/customer/one-time password?attribute=otp');
/** A moment at which steps of 30 and of 60 seconds begin. */
const stepStartMs = Date.UTC(2030, 0, 1);
const dayMs = 86_400_000;

test.describe('a code', () => {
  test('is handed out at once when its step has begun a moment ago', async () => {
    const { desk, clock } = createBench();
    expect(await desk.handOut(ask())).toBe(codeAt(stepStartMs, admin));
    expect(clock.nowMs()).toBe(stepStartMs);
    expect(desk.count()).toBe(1);
  });

  test('has minRemainingSeconds left: with exactly so many it is handed out, with fewer the next is', async () => {
    const enough = createBench({ startMs: stepStartMs + 25_000 });
    expect(await enough.desk.handOut(ask())).toBe(codeAt(stepStartMs, admin));
    const tooFew = createBench({ startMs: stepStartMs + 25_001 });
    const code = await tooFew.clock.runUntil(tooFew.desk.handOut(ask()));
    expect(code).toBe(codeAt(stepStartMs + 30_000, admin));
    expect(tooFew.clock.nowMs()).toBe(stepStartMs + 30_050);
    expect(tooFew.reads).toHaveLength(1);
  });

  test('an account gets the code of a step at most once', async () => {
    const { desk, clock, reads } = createBench();
    const codes = await clock.runUntil(Promise.all(Array.from({ length: 6 }, () => desk.handOut(ask()))));
    expect(new Set(codes).size).toBe(6);
    expect(clock.nowMs()).toBe(stepStartMs + 150_050);
    expect(reads).toHaveLength(6);
    expect(desk.count()).toBe(6);
  });

  test('is waited for no longer than a step when the clock is set a day back or ahead', async () => {
    for (const jumpMs of [-86_400_000, 86_400_000]) {
      const { desk, clock, slow } = createBench();
      slow.push(jumpMs); // while the vault is asked
      const code = await clock.runUntil(desk.handOut(ask()));
      expect(Math.abs(clock.nowMs() - (stepStartMs + jumpMs))).toBeLessThanOrEqual(30_050);
      expect(code).toBe(codeAt(clock.nowMs(), admin));
      clock.pass(-jumpMs);
      const again = await clock.runUntil(desk.handOut(ask()));
      expect(again).toBe(codeAt(clock.nowMs(), admin));
      expect(again).not.toBe(code);
    }
  });

  test('a code of one account does not wait for another account', async () => {
    const { desk, clock } = createBench();
    await Promise.all([desk.handOut(ask()), desk.handOut(ask({ reference: customer }))]);
    expect(clock.nowMs()).toBe(stepStartMs);
  });

  test('an account gets the code of a step at most once, in any case of the reference', async () => {
    const { desk, clock } = createBench();
    await desk.handOut(ask());
    const reference = parseSecretReference('op://QA/Admin/One-Time Password?attribute=totp');
    expect(await clock.runUntil(desk.handOut(ask({ reference })))).toBe(
      codeAt(stepStartMs + 30_000, reference),
    );
  });

  test('two desks on one store, or a restarted one, never hand out the code of a step twice', async () => {
    const one = createBench();
    const other = createBench({ sharing: one });
    const both = [one.desk.handOut(ask()), other.desk.handOut(ask())];
    expect(new Set(await one.clock.runUntil(Promise.all(both))).size).toBe(2);
    const restarted = createBench({ sharing: one });
    const next = await one.clock.runUntil(restarted.desk.handOut(ask()));
    expect(next).toBe(codeAt(stepStartMs + 60_000, admin));
  });

  test('the code of a seed is never handed out twice, though two references name it', async () => {
    const { desk, clock } = createBench({ seedOf: () => 'one seed' });
    const asked = [desk.handOut(ask()), desk.handOut(ask({ reference: customer }))];
    const codes = await clock.runUntil(Promise.all(asked));
    expect(new Set(codes).size).toBe(2);
    expect(clock.nowMs()).toBe(stepStartMs + 30_050);
  });

  test('a code read across the end of its step is not handed out; the next one is, at once', async () => {
    const { desk, clock, reads, slow } = createBench({ startMs: stepStartMs + 20_000 });
    slow.push(11_000);
    const code = await clock.runUntil(desk.handOut(ask()));
    expect(code).toBe(codeAt(stepStartMs + 30_000, admin));
    expect(clock.nowMs()).toBe(stepStartMs + 31_000);
    expect(reads).toHaveLength(2);
  });

  test('a code read too late in its step is not handed out', async () => {
    const { desk, clock, slow } = createBench({ startMs: stepStartMs + 20_000 });
    slow.push(6000);
    expect(await clock.runUntil(desk.handOut(ask()))).toBe(codeAt(stepStartMs + 30_000, admin));
    expect(clock.nowMs()).toBe(stepStartMs + 30_050);
  });

  test('a code claimed too late in its step is not handed out', async () => {
    let claims = 0;
    const { desk, clock } = createBench({
      startMs: stepStartMs + 20_000,
      store: (memory, passing) => ({
        ...memory,
        tryLease: (...args) => {
          if ((claims += 1) === 2) passing.pass(6000);
          return memory.tryLease(...args);
        },
      }),
    });
    expect(await clock.runUntil(desk.handOut(ask()))).toBe(codeAt(stepStartMs + 30_000, admin));
  });

  test('a code that a vault with a late clock gives again in the next step is not handed out again', async () => {
    const { desk, clock } = createBench({ vaultIsBehindMs: 31_000 });
    const first = await desk.handOut(ask());
    await clock.advance(1000);
    expect(await clock.runUntil(desk.handOut(ask()))).not.toBe(first);
  });
});

test.describe('a period', () => {
  test('a period of 60 seconds is kept to when the session says so', async () => {
    const { desk, clock } = createBench({ startMs: stepStartMs + 30_000, periodSeconds: 60 });
    const request = ask({ periodSeconds: 60 });
    expect(await desk.handOut(request)).toBe(codeAt(stepStartMs, admin, 60));
    expect(await clock.runUntil(desk.handOut(request))).toBe(codeAt(stepStartMs + 60_000, admin, 60));
    expect(clock.nowMs()).toBe(stepStartMs + 60_050);
  });

  test('is learnt from a vault that knows it', async () => {
    const { desk, clock, reads } = createBench({ periodSeconds: 60, vaultKnowsPeriod: true });
    const codes = await clock.runUntil(Promise.all([desk.handOut(ask()), desk.handOut(ask())]));
    expect(new Set(codes).size).toBe(2);
    const before = reads.length;
    await clock.runUntil(desk.handOut(ask()));
    expect(reads).toHaveLength(before + 1);
    expect(clock.nowMs()).toBe(stepStartMs + 120_050);
  });

  test('a learnt period counts for the time that is left, too', async () => {
    const bench = createBench({
      startMs: stepStartMs + 56_000,
      periodSeconds: 60,
      vaultKnowsPeriod: true,
      minRemainingSeconds: 5,
    });
    expect(await bench.clock.runUntil(bench.desk.handOut(ask()))).toBe(
      codeAt(stepStartMs + 60_000, admin, 60),
    );
  });

  test('an unknown period shows in the code itself: it is not handed out twice', async () => {
    const { desk, clock } = createBench({ periodSeconds: 60 });
    const codes: string[] = [];
    for (let asked = 0; asked < 3; asked += 1) codes.push(await clock.runUntil(desk.handOut(ask())));
    expect(new Set(codes).size).toBe(3);
    expect(clock.nowMs()).toBe(stepStartMs + 120_050);
  });

  test('a period that only one of two sessions gives leads to no code twice', async () => {
    const { desk, clock } = createBench({ periodSeconds: 60 });
    const first = await desk.handOut(ask({ periodSeconds: 60 }));
    const second = await clock.runUntil(desk.handOut(ask()));
    expect(second).not.toBe(first);
    expect(clock.nowMs()).toBe(stepStartMs + 60_050);
  });
});

test.describe('digits', () => {
  test('are eight where the vault gives eight', async () => {
    const { desk } = createBench({ digits: 8 });
    expect(await desk.handOut(ask({ digits: 8 }))).toHaveLength(8);
  });

  test('a code with more digits than the session expects is an error that names no code', async () => {
    const { desk } = createBench({ digits: 8 });
    const error = await errorOf(desk.handOut(ask({ digits: 6 })));
    expect(error).toMatchObject({ code: 'ERR_TOTP_MISMATCH', session: 'admin', reference: admin.text });
    expect(error.message).toBe(
      'Session "admin": its code has 8 digits instead of 6. "op://qa/admin/one-time password?attribute=otp" ' +
        'returned it, and the session has totp.digits: 6. Fix the session, or the one-time password field in the ' +
        'vault. ' +
        '[ERR_TOTP_MISMATCH]',
    );
    expect(desk.count()).toBe(0);
  });
});

test('refuses a remainder that no code can have', async () => {
  for (const minRemainingSeconds of [30, 29.96, 45]) {
    const { desk, reads } = createBench({ minRemainingSeconds });
    const error = await errorOf(desk.handOut(ask()));
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID', session: 'admin' });
    expect(error.message).toBe(
      `Session "admin" can never get a code. codes.minRemainingSeconds is ${minRemainingSeconds}, but its codes are valid for 30 s.` +
        ' Choose a smaller codes.minRemainingSeconds. [ERR_CONFIG_INVALID]',
    );
    expect(reads).toHaveLength(0);
  }
  const { desk, clock } = createBench({ minRemainingSeconds: 45 });
  await clock.runUntil(desk.handOut(ask({ periodSeconds: 60 })));
});

test('ends the wait for a code at once when it is no longer wanted', async () => {
  const { desk, clock, reads } = createBench({ startMs: stepStartMs + 29_000 });
  const ended = new AbortController();
  const asked = errorOf(desk.handOut(ask({ signal: ended.signal })));
  await settle();
  expect(clock.sleepers()).toBe(1);
  const reason = new AuthSessionsError('ERR_STOPPED', { failed: 'Stopped.', next: 'Run again.' });
  ended.abort(reason);
  expect(await asked).toBe(reason);
  expect(clock.sleepers()).toBe(0);
  expect(await errorOf(desk.handOut(ask({ signal: ended.signal })))).toBe(reason);
  expect(reads).toHaveLength(0);
});

test.describe('a check before a sign-in', () => {
  test('claims no time step, and its code is the next that is handed out, without another request', async () => {
    const { desk, reads, clock } = createBench();
    const known: string[] = [];
    await desk.check(ask());
    const code = await desk.handOut(ask({ onKnown: () => known.push('known') }));
    expect(code).toBe(codeAt(stepStartMs, admin));
    expect([reads.length, known, clock.nowMs()]).toEqual([1, ['known'], stepStartMs]);
    // One reading is one code.
    const next = await clock.runUntil(desk.handOut(ask({ onKnown: () => known.push('again') })));
    expect(next).toBe(codeAt(stepStartMs + 30_000, admin));
    expect([reads.length, known]).toEqual([2, ['known']]);
  });

  test('gives no code of a time step that is over', async () => {
    const { desk, reads, clock } = createBench();
    await desk.check(ask());
    clock.pass(30_000);
    expect(await desk.handOut(ask())).toBe(codeAt(stepStartMs + 30_000, admin));
    expect(reads).toHaveLength(2);
  });

  test('reports a code that cannot be read, or has another number of digits', async () => {
    const { desk, faults } = createBench();
    faults.push(new AuthSessionsError('ERR_TOTP_SEED_INVALID', { failed: 'No.', next: 'Look.' }));
    expect(await errorOf(desk.check(ask()))).toMatchObject({ code: 'ERR_TOTP_SEED_INVALID' });
    expect(await errorOf(desk.check(ask({ digits: 9 })))).toMatchObject({ code: 'ERR_TOTP_MISMATCH' });
  });
});

test('reports each wait for a time step, with its length', async () => {
  const waits: object[] = [];
  const lines: string[] = [];
  const tell = createCodeWaitReporter((line) => lines.push(line));
  const { desk, clock } = createBench({
    onWait: (about, wait) => {
      waits.push(about);
      return tell(about, wait);
    },
  });
  await desk.handOut(ask());
  expect(waits).toEqual([]);
  await clock.runUntil(desk.handOut(ask()));
  expect(waits).toEqual([{ session: 'admin', waitMs: 30_050 }]);
  expect(lines).toEqual(['auth-sessions: session "admin" waits for a fresh one-time code, 31 s']);
  await tell({ session: 'admin', waitMs: 2900 }, () => Promise.resolve());
  expect(lines).toHaveLength(1);
});

test('gives the signal to the vault', async () => {
  const { desk, reads } = createBench();
  const request = ask();
  await desk.handOut(request);
  expect(reads[0]?.signal).toBe(request.signal);
});

test("reports the vault's error, and makes the next caller wait for a new step", async () => {
  const { desk, clock, faults } = createBench();
  faults.push(new AuthSessionsError('ERR_VAULT_DENIED', { failed: 'No.', next: 'Grant it.' }));
  expect(await errorOf(desk.handOut(ask()))).toMatchObject({ code: 'ERR_VAULT_DENIED' });
  expect(await clock.runUntil(desk.handOut(ask()))).toBe(codeAt(stepStartMs + 30_000, admin));
});

test('keeps no code in the store', async () => {
  const names: string[] = [];
  const { desk } = createBench({
    store: (memory) => ({
      ...memory,
      tryLease: (name, ...args) => {
        names.push(name);
        expect(args).toEqual([60_000, { outlivesHolder: true }]);
        return memory.tryLease(name, ...args);
      },
    }),
  });
  const code = await desk.handOut(ask());
  expect(names).toHaveLength(2);
  expect(names.join(' ')).not.toContain(code);
});

test('for any callers at any time: no code twice, each with time left, no step wasted', async () => {
  const asking = fc.record({
    desk: fc.nat(2),
    account: fc.constantFrom(admin, customer),
    afterMs: fc.nat(20_000),
    readMs: fc.nat(7000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(asking, { minLength: 1, maxLength: 12 }), async (all) => {
      const first = createBench();
      const desks = [first, createBench({ sharing: first }), createBench({ sharing: first })];
      const given: string[] = [];
      const pending: Promise<unknown>[] = [];
      for (const { desk, account, afterMs, readMs } of all) {
        await first.clock.advance(afterMs);
        desks[desk]!.slow.push(readMs);
        const asked = desks[desk]!.desk.handOut(ask({ reference: account }));
        pending.push(
          asked.then((code) => {
            expect(timeStepAt(first.clock.nowMs(), 30).remainingMs).toBeGreaterThanOrEqual(5000);
            expect(code).toBe(codeAt(first.clock.nowMs(), account));
            given.push(code);
          }),
        );
      }
      await first.clock.runUntil(Promise.all(pending));
      expect(new Set(given).size).toBe(all.length);
      const lastAskMs = all.reduce((total, { afterMs }) => total + afterMs, stepStartMs);
      expect(first.clock.nowMs()).toBeLessThan(lastAskMs + (2 * all.length + 1) * 31_000);
    }),
    { numRuns: propertyRuns(200), seed: 20_300_101 },
  );
});

test.describe('a clock that jumps', () => {
  test('a day back while a code is read makes no caller wait for that day', async () => {
    const { desk, clock, slow } = createBench();
    slow.push(-dayMs);
    const code = await clock.runUntil(desk.handOut(ask()));
    expect(clock.nowMs()).toBeLessThan(stepStartMs - dayMs + 31_000);
    expect(code).toBe(codeAt(clock.nowMs(), admin));
  });

  test('a day forward while a code is read gives the code of then', async () => {
    const { desk, clock, slow } = createBench();
    slow.push(dayMs);
    expect(await clock.runUntil(desk.handOut(ask()))).toBe(codeAt(stepStartMs + dayMs, admin));
    expect(clock.nowMs()).toBeLessThan(stepStartMs + dayMs + 31_000);
  });

  test('back to steps that were all used is reported after two of them', async () => {
    const { desk, clock, reads } = createBench();
    for (let count = 0; count < 40; count += 1) await clock.runUntil(desk.handOut(ask()));
    const latestMs = clock.nowMs();
    clock.pass(-15 * 60_000);
    const startMs = clock.nowMs();
    const error = await clock.runUntil(errorOf(desk.handOut(ask())));
    expect(error.message).toBe(
      'Session "admin": no unused code is available. The clock was set back: this run has used codes up to ' +
        `${formatTime(latestMs)} UTC, and it is now ${formatTime(clock.nowMs())} UTC. ` +
        'Correct the clock, then run again. [ERR_TOTP_UNAVAILABLE]',
    );
    expect(error.session).toBe('admin');
    expect(clock.nowMs() - startMs).toBeLessThan(31_000);
    expect(reads).toHaveLength(40);
  });

  test('back, unknown to the caller, is reported after twenty steps that others used', async () => {
    const earlier = createBench();
    for (let count = 0; count < 40; count += 1) await earlier.clock.runUntil(earlier.desk.handOut(ask()));
    earlier.clock.pass(-19 * 60_000);
    const { desk, clock } = createBench({ sharing: earlier });
    const error = await clock.runUntil(errorOf(desk.handOut(ask())));
    expect(error.message).toBe(
      'Session "admin": no unused code is available. Other runs had used each of the last 20 time steps of 30 ' +
        's. They share the account, or ran before the clock was set back. Give each run its own account, or ' +
        'correct the clock. Then run again. [ERR_TOTP_UNAVAILABLE]',
    );
  });

  test('is not what many who wait for one account look like', async () => {
    const { desk, clock } = createBench();
    const codes = await clock.runUntil(Promise.all(Array.from({ length: 45 }, () => desk.handOut(ask()))));
    expect(new Set(codes).size).toBe(45);
  });

  test('however often, gives no code twice, and no wait of more than two minutes without a word', async () => {
    const jump = fc.oneof(
      fc.constantFrom(dayMs, -dayMs, 30_000, -30_000, -60_000, 90_000),
      fc.integer({ min: -dayMs, max: dayMs }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(jump, { minLength: 1, maxLength: 25 }), async (jumps) => {
        const { desk, clock } = createBench();
        const given: string[] = [];
        for (const ms of jumps) {
          const startMs = clock.nowMs();
          const code = await clock.runUntil(desk.handOut(ask()).catch(() => undefined));
          expect(clock.nowMs() - startMs).toBeLessThan(121_000);
          if (code !== undefined) given.push(code);
          clock.pass(ms);
        }
        expect(new Set(given).size).toBe(given.length);
      }),
      { numRuns: propertyRuns(200), seed: 20_300_101 },
    );
  });
});

function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

interface BenchOptions {
  readonly startMs?: number;
  readonly periodSeconds?: number;
  readonly vaultKnowsPeriod?: boolean;
  readonly vaultIsBehindMs?: number;
  readonly digits?: number;
  readonly minRemainingSeconds?: number;
  readonly seedOf?: (reference: SecretReference) => string;
  readonly store?: (memory: SessionStore, clock: FakeClock) => SessionStore;
  readonly onWait?: CodeWaiting;
  readonly sharing?: Bench;
}

interface Bench {
  readonly desk: CodeDesk;
  readonly clock: FakeClock;
  readonly store: SessionStore;
  readonly reads: { readonly signal: AbortSignal | undefined }[];
  /** How long each of the next reads takes. */
  readonly slow: number[];
  readonly faults: Error[];
}

function createBench(options: BenchOptions = {}): Bench {
  const { periodSeconds = 30, digits = 6, minRemainingSeconds = 5 } = options;
  const clock = options.sharing?.clock ?? createFakeClock(options.startMs ?? stepStartMs);
  const memory = options.sharing?.store ?? createMemoryStore({ clock });
  const store = options.store?.(memory, clock) ?? memory;
  const reads: Bench['reads'] = [];
  const slow: number[] = [];
  const faults: Error[] = [];
  const vault: Vault = {
    kind: 'local',
    resolveAll: () => Promise.reject(new Error('not asked for values')),
    requestCount: () => 0,
    async readCode(reference, signal) {
      reads.push({ signal });
      const fault = faults.shift();
      if (fault) throw fault;
      clock.pass(slow.shift() ?? 0);
      const atMs = clock.nowMs() - (options.vaultIsBehindMs ?? 0);
      const text = options.seedOf?.(reference);
      const code = await Promise.resolve(codeAt(atMs, text ?? reference, periodSeconds, digits));
      return {
        code: new SecretValue(code, 'admin.code'),
        periodSeconds: options.vaultKnowsPeriod ? periodSeconds : undefined,
      };
    },
  };
  const fingerprint = (text: string) => createHash('sha256').update(`key ${text}`).digest('hex');
  const { onWait } = options;
  const desk = createCodeDesk({ vault, store, clock, minRemainingSeconds, fingerprint, onWait });
  return { desk, clock, store, reads, slow, faults };
}

function ask(own: Partial<CodeRequest> = {}): CodeRequest {
  return {
    ...{ session: 'admin', reference: admin, periodSeconds: undefined, digits: undefined },
    signal: new AbortController().signal,
    ...own,
  };
}

/** The code of an account at a moment: another one in each step. */
function codeAt(atMs: number, seed: SecretReference | string, periodSeconds = 30, digits = 6): string {
  const name = typeof seed === 'string' ? seed : seed.text.split('/').slice(2, 4).join('/').toLowerCase();
  const { number } = timeStepAt(atMs, periodSeconds);
  const hash = createHash('sha256').update(`${name} ${number}`).digest();
  return String(hash.readUInt32BE() % 10 ** digits).padStart(digits, '0');
}
