import { expect, test } from '@playwright/test';
import { createDeadline, type Deadline } from '../../src/time/deadline.js';
import { createGate, errorOf, stopped } from '../support/session-bench.js';

// A deadline is about real time. Limits here are 0, over at once, or so long that no test lives to see their end.
const hourMs = 3_600_000;
const tooLate = new Error('too late');

function create(limitMs: number, outer = new AbortController().signal): Deadline {
  return createDeadline(limitMs, outer, () => tooLate);
}

test('ends what takes too long, with its own reason', async () => {
  const deadline = create(0);
  expect(await errorOf(deadline.race(new Promise(() => undefined)))).toBe(tooLate);
  expect(deadline.signal.reason).toBe(tooLate);
});

test('gives what ends in time, or its error', async () => {
  const deadline = create(hourMs);
  expect(await deadline.race(Promise.resolve('done'))).toBe('done');
  const error = new Error('no');
  expect(await errorOf(deadline.race(Promise.reject(error)))).toBe(error);
  deadline.end();
  expect(deadline.signal.aborted).toBe(false);
});

test('ends with the signal from outside, and at once when that has ended before', async () => {
  const outer = new AbortController();
  const deadline = create(Infinity, outer.signal);
  const raced = errorOf(deadline.race(new Promise(() => undefined)));
  const reason = stopped();
  outer.abort(reason);
  expect(await raced).toBe(reason);
  expect(await errorOf(deadline.race(new Promise(() => undefined)))).toBe(reason);
  deadline.end();
});

test('leaves no rejection unhandled when the work fails after its end', async () => {
  const unhandled: unknown[] = [];
  const listen = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listen);
  const gate = createGate<never>();
  await errorOf(create(0).race(gate.passed));
  gate.fail(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});

test('does not run while it is paused, not even with several pauses at once', async () => {
  const deadline = create(20);
  const [one, other] = [createGate(), createGate()];
  const paused = [deadline.pause(() => one.passed), deadline.pause(() => other.passed)];
  one.open();
  await paused[0];
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(deadline.signal.aborted).toBe(false);
  other.open();
  await paused[1];
  expect(await errorOf(deadline.race(new Promise(() => undefined)))).toBe(tooLate);
});

test('gives what a pause gives, and goes on after its error', async () => {
  const deadline = create(0);
  expect(await deadline.pause(() => Promise.resolve('code'))).toBe('code');
  const error = new Error('no code');
  const other = create(0);
  expect(await errorOf(other.pause(() => Promise.reject(error)))).toBe(error);
  expect(await errorOf(other.race(new Promise(() => undefined)))).toBe(tooLate);
});

test('runs no more after its end, though a pause ends later', async () => {
  const deadline = create(0);
  const gate = createGate();
  const paused = deadline.pause(() => gate.passed);
  deadline.end();
  gate.open();
  await paused;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(deadline.signal.aborted).toBe(false);
});

test('lasts longer when it is extended, and its reason names the whole limit', async () => {
  const extended = create(0);
  extended.extend(hourMs);
  // A timer set later fires later: the first limit is over.
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(extended.signal.aborted).toBe(false);
  extended.end();
  const limits: number[] = [];
  const over = createDeadline(0, new AbortController().signal, (limitMs) => {
    limits.push(limitMs);
    return tooLate;
  });
  over.extend(1);
  expect(await errorOf(over.race(new Promise(() => undefined)))).toBe(tooLate);
  expect(limits).toEqual([1]);
});

test('an extension after the end, or during a pause, starts no timer', async () => {
  const ended = create(hourMs);
  ended.end();
  ended.extend(0);
  const paused = create(0);
  await paused.pause(async () => {
    paused.extend(hourMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
  });
  expect([ended.signal.aborted, paused.signal.aborted]).toEqual([false, false]);
  paused.end();
});
