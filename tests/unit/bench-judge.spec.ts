import { expect, test } from '@playwright/test';
import { createJudge } from '../bench/scale/judge.js';

test('one sign-in for each life of a session is no violation', () => {
  const { judge, signIn } = createBench();
  const first = signIn('admin', '111111');
  expect(judge.use(first.id)).toBe(true);
  judge.end(first.id);
  expect(judge.use(first.id)).toBe(false);
  expect(judge.use(signIn('admin', '222222').id)).toBe(true);
  signIn('customer', '333333');
  expect(judge.signIns).toBe(3);
  expect(judge.violations).toEqual([]);
});

test('a second sign-in of a life is a violation', () => {
  const { judge, signIn } = createBench();
  judge.use(signIn('admin', '111111').id);
  signIn('admin', '222222');
  expect(judge.violations).toEqual(['"admin" was signed in again although its sign-in was alive']);
});

test('a code used twice within its life is a violation, and later it is another code', () => {
  const { judge, clock, signIn } = createBench();
  signIn('admin', '111111');
  clock.nowMs += 5000;
  signIn('customer', '111111');
  expect(judge.violations).toEqual(['a code of "account" was used twice']);
  clock.nowMs += 10_000;
  signIn('newcomer', '111111');
  expect(judge.violations).toHaveLength(1);
});

test('an account that two workers hold is a violation, unless the store lost the first claim', () => {
  const { judge, clock } = createBench();
  judge.holdAccount(1, 'one');
  judge.holdAccount(1, 'one');
  judge.releaseAccount(1, 'one');
  judge.holdAccount(1, 'two');
  expect(judge.violations).toEqual([]);
  judge.releaseAccount(1, 'one');
  judge.holdAccount(1, 'three');
  expect(judge.violations).toEqual(['account 1 of the pool was held twice']);
  judge.storeLost({ sinceMs: clock.nowMs });
  judge.holdAccount(1, 'four');
  expect([judge.violations.length, judge.excused]).toEqual([1, 1]);
});

test('a killed broker explains a sign-in that nobody got, and no other', () => {
  const { judge, signIn } = createBench();
  signIn('admin', '111111');
  judge.use(signIn('customer', '222222').id);
  judge.brokerKilled(1);
  signIn('admin', '333333', 2);
  expect([judge.excused, judge.violations.length]).toEqual([1, 0]);
  signIn('customer', '444444', 2);
  expect([judge.excused, judge.violations.length]).toEqual([1, 1]);
});

test('a store that lost its last second explains what was stored then, and nothing earlier', () => {
  const { judge, clock, signIn } = createBench();
  judge.use(signIn('early', '111111').id);
  clock.nowMs += 10_000;
  judge.use(signIn('late', '222222').id);
  clock.nowMs += 4000;
  judge.storeLost({ sinceMs: clock.nowMs - 5000 });
  clock.nowMs += 1;
  signIn('late', '333333');
  expect([judge.excused, judge.violations.length]).toEqual([1, 0]);
  signIn('early', '444444');
  expect([judge.excused, judge.violations.length]).toEqual([1, 1]);
});

test('a state of no sign-in is a violation', () => {
  const { judge } = createBench();
  expect(judge.use('made up')).toBe(false);
  expect(judge.violations).toEqual(['a worker got a state of no sign-in']);
});

function createBench() {
  const clock = { nowMs: 1_000_000 };
  const judge = createJudge({ nowMs: () => clock.nowMs, codeLifeMs: 8000 });
  const signIn = (session: string, code: string, broker = 1) =>
    judge.signIn(session, { account: 'account', code, broker });
  return { judge, clock, signIn };
}
