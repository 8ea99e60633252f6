import { expect, test } from '@playwright/test';
import type { TestHandlers } from '../../src/broker/handlers-by-path.js';
import { noteRefusedAsks } from '../../src/broker/note-refused-asks.js';
import type { AuthSessionsErrorCode } from '../../src/core/error-codes.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { SessionEvent } from '../../src/core/session-event.js';

const ask = async (code: AuthSessionsErrorCode, session: string, events: SessionEvent[]) => {
  const error = new AuthSessionsError(code, {
    failed: 'No hunter2.',
    known: 'hunter2',
    next: 'Fix hunter2.',
  });
  const fail = () => Promise.reject(error);
  const names = ['/base-url', '/use', '/acquire', '/credentials', '/code'] as const;
  const handlers = Object.fromEntries(names.map((name) => [name, fail])) as unknown as TestHandlers;
  const noting = noteRefusedAsks(handlers, {
    ...{ events, report: (event) => void events.push(event), nowMs: () => 7 },
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
  });
  for (const path of ['/base-url', '/code'] as const)
    await expect(noting[path]({ session })).rejects.toBe(error);
};

test('a request that fails before a session is acquired is one redacted event', async () => {
  const events: SessionEvent[] = [];
  await ask('ERR_SESSION_UNKNOWN', 'hunter2', events);
  await ask('ERR_SESSION_IN_USE', 'customer', events);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    ...{ session: '[redacted]', outcome: 'failed', errorCode: 'ERR_SESSION_UNKNOWN', signIns: 0 },
    failure: { failed: 'No [redacted].', known: '[redacted]', next: 'Fix [redacted].' },
  });
});

test('a failed sign-in has its own event', async () => {
  const events: SessionEvent[] = [];
  await ask('ERR_SIGN_IN_FAILED', 'admin', events);
  expect(events).toEqual([]);
});
