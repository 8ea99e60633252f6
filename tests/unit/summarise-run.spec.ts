import { expect, test } from '@playwright/test';
import { placeKey, summariseRun } from '../../src/broker/summarise-run.js';
import type { SessionEvent } from '../../src/core/session-event.js';

test('a run without sessions has totals of nothing', () => {
  expect(summarise([])).toEqual({
    ...{ environment: 'local', store: 'memory', sessions: [] },
    totals: { signIns: 0, vaultRequests: 3, codes: 2, handedOut: 0 },
  });
});

test('sums a session up over all that happened to it', () => {
  const events = [
    eventOf({ outcome: 'restored', durationMs: 5, waiters: 2, notes: ['one'] }),
    eventOf({ outcome: 'renewed', durationMs: 70, waiters: 3, signIns: 2, notes: ['two'] }),
    eventOf({ outcome: 'restored', durationMs: 5, waiters: 1 }),
  ];
  const { sessions, totals } = summarise(events, {
    [placeKey({ session: 'admin', baseURL: 'https://app.example' })]: 40,
  });
  expect(sessions).toEqual([
    {
      ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'renewed', store: 'memory' },
      ...{ created: 0, restored: 2, renewed: 1, failed: 0, durationMs: 80, waiters: 6, handedOut: 40 },
      ...{ signIns: 2, errorCode: undefined, notes: ['one', 'two'] },
    },
  ]);
  expect(totals).toMatchObject({ signIns: 2, handedOut: 40 });
});

test('tells the worst outcome: failed, created, renewed, restored', () => {
  const order = ['restored', 'renewed', 'created', 'failed'] as const;
  order.forEach((worst, index) => {
    const events = order.slice(0, index + 1).map((outcome) => eventOf({ outcome }));
    expect(summarise(events).sessions[0]?.outcome).toBe(worst);
  });
});

test('tells the code of a failure', () => {
  const events = [eventOf({}), eventOf({ outcome: 'failed', errorCode: 'ERR_CREDENTIALS_REJECTED' })];
  expect(summarise(events).sessions[0]).toMatchObject({ failed: 1, errorCode: 'ERR_CREDENTIALS_REJECTED' });
});

test('parts sessions, and one session of two base URLs', () => {
  const events = [
    eventOf({}),
    eventOf({ session: 'customer' }),
    eventOf({ baseURL: undefined }),
    eventOf({}),
  ];
  expect(
    summarise(events).sessions.map(({ session, baseURL, restored }) => [session, baseURL, restored]),
  ).toEqual([
    ['admin', 'https://app.example', 2],
    ['customer', 'https://app.example', 1],
    ['admin', undefined, 1],
  ]);
});

function summarise(events: SessionEvent[], handedOut: Record<string, number> = {}) {
  return summariseRun({
    ...{ environment: 'local', store: 'memory', events, vaultRequests: 3, codes: 2 },
    handedOut: new Map(Object.entries(handedOut)),
  });
}

function eventOf(own: Partial<SessionEvent>): SessionEvent {
  return {
    ...{
      session: 'admin',
      baseURL: 'https://app.example',
      outcome: 'restored',
      startedAtMs: 0,
      durationMs: 0,
    },
    ...{ waiters: 0, signIns: 0, checks: 0, notes: [] },
    ...own,
  };
}
