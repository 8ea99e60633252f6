import { expect, test } from '@playwright/test';
import type { DoubtReason } from '../../src/core/doubt-reason.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import { createHoldDesk } from '../../src/session/hold-desk.js';
import { flowWithoutCheck, stateOf, valuesOf } from '../support/declared-session.js';
import { settle } from '../support/fake-clock.js';
import { createGate, createSessionBench, entry, type SessionBench } from '../support/session-bench.js';

/** An application that accepts a token once, and gives the next one for it. */
function rotating(bench: SessionBench) {
  const site = { accepted: '', tokens: 0, refusals: 0 };
  const next = () => (site.accepted = `token-${(site.tokens += 1)}`);
  bench.flows.create = () => Promise.resolve(stateOf(next()));
  bench.flows.check = ({ from }) => {
    const signedIn = valuesOf(from)[0] === site.accepted;
    if (!signedIn) site.refusals += 1;
    return Promise.resolve({ signedIn, state: signedIn ? stateOf(next()) : from });
  };
  return { site, use: (token = '') => (token === site.accepted ? next() : undefined) };
}

for (const why of ['cookie-gone', 'lost', 'failed'] as const)
  test(`a state is checked before it is handed out again after: ${why}`, async () => {
    const bench = createSessionBench();
    const { id } = await bench.take();
    await bench.pool.suspect(entry, id, { why });
    expect((await bench.take()).id).toBe(id);
    expect(bench.checks).toHaveLength(1);
    await bench.take();
    expect([bench.checks.length, bench.creates.length]).toEqual([1, 1]);
  });

test('a used-up token of a lost context is renewed for the next test, and only once', async () => {
  const bench = createSessionBench();
  const { site, use } = rotating(bench);
  const session = { writeBack: 'test' as const, checkAttempts: 1 };
  const first = await bench.take(session);
  expect(use(valuesOf(first.state)[0])).toBeDefined();
  await bench.pool.suspect(entry, first.id, { why: 'lost' });
  for (let number = 0; number < 5; number += 1) {
    const { id, state } = await bench.take(session);
    const left = use(valuesOf(state)[0]);
    expect(left).toBeDefined();
    await bench.pool.writeBack(entry, id, stateOf(left!));
  }
  expect([bench.creates.length, site.refusals]).toEqual([2, 1]);
});

test('a state that comes back while it is checked has the next use checked', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  await bench.pool.suspect(entry, id, { why: 'failed' });
  const answer = createGate<{ signedIn: boolean; state: ReturnType<typeof stateOf> }>();
  bench.flows.check = () => answer.passed;
  const asked = bench.acquire();
  await settle();
  await bench.pool.writeBack(entry, id, stateOf('late'));
  answer.open({ signedIn: true, state: stateOf('checked') });
  await bench.clock.runUntil(asked);
  await bench.take();
  expect(bench.checks).toHaveLength(2);
});

test('a state that comes back before a check begins is the one that is checked', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  await bench.pool.suspect(entry, id, { why: 'failed' });
  const asked = bench.acquire();
  await bench.pool.writeBack(entry, id, stateOf('left'));
  await bench.clock.runUntil(asked);
  expect(bench.checks.map(({ from }) => valuesOf(from))).toEqual([['left']]);
});

test('a hundred failing tests of a session that is signed in cost few checks and no sign-in', async () => {
  const bench = createSessionBench();
  const failing = async () => {
    const { id } = await bench.take();
    await bench.clock.advance(2500);
    await bench.pool.suspect(entry, id, { why: 'failed' });
  };
  for (let number = 0; number < 100; number += 1) await failing();
  expect(bench.checks.length).toBeLessThan(12);
  expect(bench.creates).toHaveLength(1);
});

test('eight tests that fail at once share one check', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  for (let worker = 0; worker < 8; worker += 1) await bench.pool.suspect(entry, id, { why: 'failed' });
  await bench.clock.runUntil(Promise.all(Array.from({ length: 8 }, () => bench.acquire())));
  expect(bench.checks).toHaveLength(1);
});

test('a failed test that was put off is heard when its time comes', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  for (let number = 0; number < 2; number += 1) {
    await bench.pool.suspect(entry, id, { why: 'failed' });
    await bench.take();
  }
  expect(bench.checks).toHaveLength(1);
  await bench.clock.advance(2000);
  await bench.take();
  expect(bench.checks).toHaveLength(2);
});

test('evidence is heard at once, however many failed tests were put off', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  await bench.pool.suspect(entry, id, { why: 'failed' });
  await bench.take();
  for (const why of ['cookie-gone', 'lost', 'signed-out'] satisfies DoubtReason[]) {
    await bench.pool.suspect(entry, id, { why });
    await bench.take();
  }
  expect(bench.checks).toHaveLength(4);
});

test('a session that nothing can check stays after a failed test, and is renewed rarely after a lost one', async () => {
  const bench = createSessionBench();
  const session = { flow: flowWithoutCheck };
  for (let number = 0; number < 100; number += 1) {
    await bench.pool.suspect(entry, (await bench.take(session)).id, { why: 'failed' });
    await bench.clock.advance(2500);
  }
  expect(bench.creates).toHaveLength(1);
  for (let number = 0; number < 100; number += 1) {
    await bench.pool.suspect(entry, (await bench.take(session)).id, { why: 'lost' });
    await bench.clock.advance(2500);
  }
  expect(bench.creates.length).toBeGreaterThan(1);
  expect(bench.creates.length).toBeLessThan(12);
});

for (const [what, own] of [
  ['that a person recorded', { type: 'recorder', flow: undefined }],
  ['with renew: false', { renew: false, flow: flowWithoutCheck }],
] as const)
  test(`a session ${what} and nothing can check is not given up for a doubt`, async () => {
    const bench = createSessionBench();
    await bench.keep({ id: 'kept' });
    for (const why of ['failed', 'cookie-gone', 'lost'] as const) {
      await bench.take(own);
      await bench.pool.suspect(entry, 'kept', { why });
    }
    expect((await bench.take(own)).id).toBe('kept');
  });

test('two renewals after the cookie changed in tests name the option, once per run', async () => {
  const bench = createSessionBench();
  for (let number = 0; number < 4; number += 1) {
    const { id } = await bench.take();
    bench.pool.noteChangedCookie(entry, id);
    await bench.pool.invalidate(entry, id);
  }
  await bench.take();
  const notes = bench.events.flatMap((event) => event.notes);
  expect(notes).toEqual([
    "renewed twice after its cookie changed in a test. Set writeBack: 'test' for this session, and use one worker for it.",
  ]);
});

test('two renewals without a changed cookie say nothing', async () => {
  const bench = createSessionBench();
  for (let number = 0; number < 4; number += 1) await bench.pool.invalidate(entry, (await bench.take()).id);
  expect(bench.events.flatMap((event) => event.notes)).toEqual([]);
});

test('a hold whose worker is gone is lost, once; one that was given back is not', () => {
  const alive = new Set([1, 2, 3]);
  let holds = 0;
  const desk = createHoldDesk({
    newId: () => `hold-${(holds += 1)}`,
    isAlive: (worker) => alive.has(worker),
  });
  desk.take({ key: 'a', id: 'id-1' }, 1);
  desk.giveBack(desk.take({ key: 'a', id: 'id-2' }, 2));
  desk.take({ key: 'b', id: 'id-3' }, 1);
  desk.giveBack('of an earlier broker');
  expect(desk.lost('a')).toEqual([]);
  alive.clear();
  expect(desk.lost('a')).toEqual(['id-1']);
  expect(desk.lost('a')).toEqual([]);
  expect(desk.lost('b')).toEqual(['id-3']);
});

test('a retry has a doubt settled first, also after many doubts that were unfounded', async () => {
  const bench = createSessionBench();
  const failing = async () => {
    const { id } = await bench.take();
    await bench.pool.suspect(entry, id, { why: 'failed' });
  };
  for (let number = 0; number < 8; number += 1) {
    await failing();
    await bench.clock.advance(300_000);
  }
  await bench.take();
  const before = bench.checks.length;
  await failing();
  await bench.take();
  expect(bench.checks).toHaveLength(before);
  const retry = () => bench.clock.runUntil(bench.pool.acquire({ ...bench.request(), isRetry: true }));
  await retry();
  await retry();
  expect(bench.checks).toHaveLength(before + 1);
});

test('after a failed test, a check finds a session that ended, and the next request uses its result', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  bench.flows.check = (job) => {
    bench.checks.push(job);
    return Promise.resolve({ signedIn: false, state: job.from });
  };
  const confirm = () => bench.pool.confirm(entry, id, new AbortController().signal);
  expect(await confirm()).toBeUndefined();
  await bench.pool.suspect(entry, id, { why: 'failed' });
  const both = Promise.all([confirm(), confirm()]);
  expect(await bench.clock.runUntil(both)).toEqual([true, true]);
  const { length } = bench.checks;
  expect(await confirm()).toBe(true);
  expect((await bench.take()).id).not.toBe(id);
  expect([bench.checks.length, bench.creates.length]).toEqual([length, 2]);
});

test('after a failed test, a check that passes settles the doubt, and one that breaks off leaves it', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  const stop = new AbortController();
  bench.flows.check = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      stop.abort(new Error('too late'));
    });
  await bench.pool.suspect(entry, id, { why: 'failed' });
  expect(await bench.clock.runUntil(bench.pool.confirm(entry, id, stop.signal))).toBeUndefined();
  bench.flows.check = ({ from }) => Promise.resolve({ signedIn: true, state: from });
  const again = bench.pool.confirm(entry, id, new AbortController().signal);
  expect(await bench.clock.runUntil(again)).toBe(false);
  expect((await bench.take()).id).toBe(id);
  expect(bench.creates).toHaveLength(1);
});

test('after a failed test, an application that is down says nothing about the session', async () => {
  const bench = createSessionBench();
  const { id } = await bench.take();
  const down = { failed: 'It was not checked.', known: 'Nothing answers.', next: 'Start it.' };
  bench.flows.check = () => Promise.reject(new AuthSessionsError('ERR_APPLICATION_UNREACHABLE', down));
  await bench.pool.suspect(entry, id, { why: 'failed' });
  const confirmed = bench.pool.confirm(entry, id, new AbortController().signal);
  expect(await bench.clock.runUntil(confirmed)).toBeUndefined();
  bench.flows.check = ({ from }) => Promise.resolve({ signedIn: true, state: from });
  expect((await bench.take()).id).toBe(id);
  expect(bench.creates).toHaveLength(1);
});
