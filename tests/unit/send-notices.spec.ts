import { expect, test } from '@playwright/test';
import { createNotices, type NoticesOptions } from '../../src/broker/send-notices.js';
import type { SessionEvent } from '../../src/core/session-event.js';
import { noticeOf, type SessionNotice } from '../../src/core/session-notice.js';

const event: SessionEvent = {
  ...{ session: 'admin', baseURL: 'https://shop.example', outcome: 'created', startedAtMs: 1, durationMs: 2 },
  ...{ waiters: 3, signIns: 1, checks: 0, notes: ['a check threw: v4lue'] },
};

test('a notice has the names and numbers of its event, and no note, which quotes the application', () => {
  expect(noticeOf(event)).toEqual({
    ...{ type: 'created', session: 'admin', baseURL: 'https://shop.example', startedAtMs: 1, durationMs: 2 },
    ...{ signIns: 1, waiters: 3, errorCode: undefined },
  });
  expect(noticeOf({ ...event, outcome: 'restored' })).toBeUndefined();
  expect(noticeOf({ ...event, outcome: 'failed', errorCode: 'ERR_SIGN_IN_FAILED' })?.type).toBe('failed');
  for (const errorCode of ['ERR_CREDENTIALS_REJECTED', 'ERR_ACCOUNT_LOCKED'])
    expect(noticeOf({ ...event, outcome: 'failed', errorCode })?.type).toBe('refused');
});

test('calls onEvent after the sender has gone on, with a notice that it cannot change', async () => {
  const seen: unknown[] = [];
  const { notices } = create((notice) => {
    seen.push(notice.type, Object.isFrozen(notice));
  });
  notices.send(noticeOf(event));
  notices.send(undefined);
  seen.push('sender goes on');
  await notices.settled();
  expect(seen).toEqual(['sender goes on', 'created', true]);
});

test('a function that throws or rejects is a warning without known values', async () => {
  const { notices, warnings } = create(({ type }) => {
    if (type === 'created') throw new Error('no v4lue\nmore');
    return Promise.reject(new Error('later'));
  });
  notices.send(noticeOf(event));
  notices.send(noticeOf({ ...event, outcome: 'renewed' }));
  await notices.settled();
  expect(warnings).toEqual(['onEvent failed: no […]', 'onEvent failed: later']);
});

test('waits for calls that have not ended, and not for ever', async () => {
  let isDone = false;
  const slow = create(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isDone = true;
  });
  slow.notices.send(noticeOf(event));
  await slow.notices.settled();
  expect([isDone, slow.warnings]).toEqual([true, []]);
  const stuck = create(() => new Promise(() => undefined), { patienceMs: 0 });
  stuck.notices.send(noticeOf(event));
  await stuck.notices.settled();
  expect(stuck.warnings).toEqual(['onEvent did not end within 0 s (1 not ended)']);
});

function create(onEvent: (notice: SessionNotice) => unknown, more: Partial<NoticesOptions> = {}) {
  const warnings: string[] = [];
  const notices = createNotices({
    onEvent,
    redact: (text) => text.replaceAll('v4lue', '[…]'),
    onWarning: (text) => warnings.push(text),
    ...more,
  });
  return { notices, warnings };
}
