import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { FlowRunner } from '../../src/core/ports.js';
import type { SessionRecord } from '../../src/core/sealed-session.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { createCodeDesk } from '../../src/credentials/code-desk.js';
import { createCredentialsDesk } from '../../src/credentials/credentials-desk.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createAccountDesk } from '../../src/session/account-desk.js';
import type { AcquiredRecord } from '../../src/session/acquire-ports.js';
import { createAuthSessionPool } from '../../src/session/auth-session-pool.js';
import { createMemoryRefusals } from '../../src/store/memory-refusals.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { systemClock } from '../../src/time/system-clock.js';
import { totpCode } from '../../src/vault/local/totp-seed.js';
import { declareSession, stateOf } from '../support/declared-session.js';
import { login, type Fault, type LoggedRequest } from '../support/onepassword/index.js';
import { propertyRuns } from '../support/property-runs.js';
import { openOnePasswordBench } from '../support/vault/one-password-bench.js';

const signIns = propertyRuns(200);
const waiters = 64;
const faultRate = 0.2;
const atOnce = 8;

/** One in five requests meets one of these. The random numbers are seeded, so that a run can be repeated. */
const faults: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'truncate', bytes: 40 },
  { kind: 'truncate', bytes: 40, ending: 'clean' },
  { kind: 'delay', delayMs: 30 },
  // Of one that has begun: a sign-in that is refused is not tried again.
  { kind: 'expired-session', match: { path: /\/(vaults?|keysets)\b/ } },
];

test(`${signIns} sign-ins with 64 waiters each under faults: every waiter is answered, with what is right`, async () => {
  test.setTimeout(180_000);
  const bench = await openOnePasswordBench(
    { maxRequests: 10_000, random: createRandom(2), deadlineMs: 120_000 },
    { random: createRandom(1) },
  );
  const names = Array.from({ length: signIns }, (_, index) => `user-${index}`);
  for (const name of names)
    bench.automation.addItem(
      login({ title: name, username: name, password: `secret of ${name}`, totp: seedOf(name) }),
    );
  for (const fault of faults) bench.server.fault({ ...fault, probability: faultRate / faults.length });

  const sessions = names.map((name) => {
    const reference = (field: string) => parseSecretReference(`op://automation/${name}/${field}`);
    return declareSession({
      name,
      values: new Map(['username', 'password'].map((field) => [field, reference(field)])),
      code: reference('one-time password?attribute=otp'),
    });
  });
  const store = createMemoryStore({ clock: systemClock });
  const { signal } = new AbortController();
  const desk = createCredentialsDesk({
    vault: bench.vault,
    redactor: createRedactor(),
    signal,
    alsoNeeded: (asked) => Promise.resolve(sessions.filter((one) => one !== asked)),
    codes: createCodeDesk({
      vault: bench.vault,
      store,
      clock: systemClock,
      minRemainingSeconds: 0,
      fingerprint: (text) => text,
    }),
  });
  const created: string[] = [];
  const create: FlowRunner['create'] = async ({ session, values, nextCode, signal: ended }) => {
    expect(values).toEqual({ username: session.name, password: `secret of ${session.name}` });
    expect(await isCodeOf(session.name, () => nextCode(ended))).toBe(true);
    created.push(session.name);
    return stateOf(session.name);
  };
  const pool = createAuthSessionPool({
    store,
    accounts: createAccountDesk({
      ...{ store, clock: systemClock, signal, failures: new Map(), onFailure: () => undefined },
      refusals: createMemoryRefusals({ clock: systemClock }),
      fingerprint: (text) => createHash('sha256').update(text).digest('hex'),
    }),
    clock: systemClock,
    signal,
    flows: {
      create,
      check: ({ from }) => Promise.resolve({ signedIn: true, state: from }),
      destroy: () => Promise.resolve(false),
    },
    seal: (record) => Promise.resolve(JSON.stringify(record)),
    open: (sealed) => Promise.resolve({ ok: true, record: JSON.parse(sealed) as SessionRecord }),
    newId: () => `id-${created.length}`,
    report: () => undefined,
    failures: new Map(),
    onFailure: () => undefined,
  });

  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const answers = new Map<string, PromiseSettledResult<AcquiredRecord>[]>();
  const left = [...sessions];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let session = left.shift(); session; session = left.shift()) {
        const own = session;
        const ask = () =>
          pool.acquire({
            key: own.name,
            session: own,
            place: { baseURL: 'https://app.example', project: undefined },
            credentials: (why) => desk.of(own, why),
          });
        answers.set(own.name, await Promise.allSettled(Array.from({ length: waiters }, ask)));
      }
    }),
  );
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuMs = (user + system) / 1000;

  const struck = bench.server.requests().filter(({ faults: kinds }) => kinds.length > 0);
  const promised = promisedRequests(struck, tookMs);
  const failed = [...answers].filter(([, [first]]) => first?.status === 'rejected');
  console.log(
    `${signIns} sign-ins, ${signIns * waiters} waiters: ${created.length} signed in, ${failed.length} failed; ` +
      `${bench.vault.requestCount()} requests of ${promised} promised, ${struck.length} of them struck; ` +
      `${(tookMs / 1000).toFixed(1)} s, ${(cpuMs / 1000).toFixed(1)} s of them at work`,
  );
  expect([...answers.values()].map((own) => own.length)).toEqual(names.map(() => waiters));
  expect(
    [...answers].flatMap(([name, own]) => own.filter((answer) => !isRight(answer, own[0], name))),
  ).toEqual([]);
  expect(new Set(created).size).toBe(created.length);
  expect(created.length).toBeGreaterThan(signIns / 2);
  expect(bench.vault.requestCount()).toBe(bench.server.count());
  expect(bench.vault.requestCount()).toBeLessThanOrEqual(promised);
  await bench.close();
});

/**
 * Without faults: one sign-in, one list of keys, vaults and items, a batch for each 50 items, and a code for each
 * sign-in. A code whose time step ends on its way is asked for once more. On top comes what each fault costs.
 */
function promisedRequests(struck: readonly LoggedRequest[], tookMs: number): number {
  const withoutFaults = costs.signIn + 1 + costs.allValues + signIns;
  const endedSteps = Math.ceil(tookMs / 30_000) * atOnce;
  return struck.reduce((sum, request) => sum + costOf(request), withoutFaults + endedSteps);
}

/** A lost session costs everybody who asks then one request, and a sign-in; else what was struck is asked again. */
function costOf({ route, faults: kinds }: LoggedRequest): number {
  if (kinds.includes('expired-session')) return atOnce + 2 * costs.signIn;
  if (kinds.every((kind) => kind === 'delay')) return 0;
  if (route === 'item') return costs.code;
  return route.startsWith('sign-in') ? costs.signIn : costs.allValues;
}

/** In requests. For an item that did not come, the SDK looks at the vault's other items and the other vaults. */
const costs = { signIn: 4, code: 3, allValues: 2 + Math.ceil(signIns / 50) } as const;

/** Its own state, or the same error as all other waiters. */
function isRight(
  answer: PromiseSettledResult<AcquiredRecord>,
  first: PromiseSettledResult<AcquiredRecord> | undefined,
  name: string,
): boolean {
  if (answer.status === 'fulfilled') return isDeepStrictEqual(answer.value.record.state, stateOf(name));
  const error: unknown = answer.reason;
  const isShared = first?.status === 'rejected' && first.reason === error;
  return isShared && error instanceof AuthSessionsError && error.code === 'ERR_VAULT_UNREACHABLE';
}

/** Whether it is the code of the moment before the ask, of the one after, or of a step between them. */
async function isCodeOf(name: string, ask: () => Promise<string>): Promise<boolean> {
  const seed = { secret: seedOf(name), algorithm: 'sha1', digits: 6, periodSeconds: 30 } as const;
  const startMs = Date.now();
  const code = await ask();
  const codes = new Set<string>();
  for (let nowMs = startMs; nowMs < Date.now() + 30_000; nowMs += 30_000)
    codes.add(await totpCode(seed, { nowMs: Math.min(nowMs, Date.now()) }));
  return codes.has(code);
}

/** Base32 of a seed of this name's own. */
function seedOf(name: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const number = Number(name.replace(/\D/g, ''));
  return `JBSWY3DPEHPK3P${letters[number % 32]!}${letters[Math.floor(number / 32)]!}JBSWY3DPEHPK3PXP`;
}

/** Chance that can be repeated: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function createRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
