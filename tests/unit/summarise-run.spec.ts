import { expect, test } from '@playwright/test';
import { summariseRun, type RunFacts } from '../../src/broker/summarise-run.js';
import type { SessionEvent, SessionUse } from '../../src/core/session-event.js';
import type { VaultAccess } from '../../src/core/vault-access.js';

test('a run without sessions has totals of nothing', () => {
  expect(summarise([])).toEqual({
    ...{ environment: 'local', store: 'memory', startedAtMs: 1000, endedAtMs: 9000 },
    ...{ sessions: [], events: [], uses: [], vaultReads: [] },
    totals: { signIns: 0, vaultRequests: 3, codes: 2, handedOut: 0 },
  });
});

test('has the budgets of vaults only if there are any', () => {
  const vaultBudgets = [{ connection: undefined, sent: 3, left: 497 }];
  expect(summarise([], { vaultBudgets })).toMatchObject({ vaultBudgets });
  expect(summarise([], { vaultBudgets: [] })).not.toHaveProperty('vaultBudgets');
});

test('sums a session up over all that happened to it', () => {
  const events = [
    eventOf({ outcome: 'restored', durationMs: 5, waiters: 2, notes: ['one'] }),
    eventOf({ outcome: 'renewed', durationMs: 70, waiters: 3, signIns: 2, notes: ['two'] }),
    eventOf({ outcome: 'restored', durationMs: 5, waiters: 1 }),
  ];
  const uses = [
    ...Array.from({ length: 40 }, () => useOf({ outcome: 'memory' })),
    useOf({ outcome: 'failed' }),
    useOf({ session: 'customer' }),
  ];
  const { sessions, totals } = summarise(events, { uses });
  expect(sessions).toEqual([
    {
      ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'renewed', store: 'memory' },
      ...{ created: 0, restored: 2, renewed: 1, failed: 0, durationMs: 80, waiters: 6, handedOut: 40 },
      ...{ signIns: 2, errorCode: undefined, notes: ['one', 'two'] },
    },
  ]);
  expect(totals).toMatchObject({ signIns: 2, handedOut: 41 });
});

test('continues the summary of an earlier broker', () => {
  const first = summarise([eventOf({ outcome: 'created', signIns: 1 })], {
    uses: [useOf({})],
    warnings: ['one'],
  });
  const { sessions, totals, warnings } = summarise([eventOf({ outcome: 'restored' })], {
    earlier: first,
    uses: [useOf({})],
    warnings: ['one', 'two'],
  });
  expect(sessions).toMatchObject([{ outcome: 'created', created: 1, restored: 1, handedOut: 2 }]);
  expect(totals).toEqual({ signIns: 1, vaultRequests: 6, codes: 4, handedOut: 2 });
  expect(warnings).toEqual(['one', 'two']);
});

test('reports the worst outcome: failed, created, renewed, restored', () => {
  const order = ['restored', 'renewed', 'created', 'failed'] as const;
  order.forEach((worst, index) => {
    const events = order.slice(0, index + 1).map((outcome) => eventOf({ outcome }));
    expect(summarise(events).sessions[0]?.outcome).toBe(worst);
  });
});

test('reports the code of a failure', () => {
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

test('lists the reads from the vault with their start, and no answers from memory', () => {
  const code = 'op://automation/admin/otp?attribute=otp';
  const accesses = [
    accessOf({ durationMs: 250 }),
    accessOf({ from: 'memory' }),
    accessOf({ reference: code, durationMs: 1000 }),
    accessOf({ outcome: 'ERR_VAULT_DENIED', durationMs: 0 }),
  ];
  const endedAtMs = Date.parse(accessOf({}).when);
  const { vaultReads } = summarise([], { accesses, codeReferences: new Set([code]) });
  const read = { reference: 'op://automation/admin/password', session: 'admin', why: 'create' };
  expect(vaultReads).toEqual([
    { ...read, isCode: false, startedAtMs: endedAtMs - 250, durationMs: 250 },
    { ...read, reference: code, isCode: true, startedAtMs: endedAtMs - 1000, durationMs: 1000 },
    { ...read, isCode: false, startedAtMs: endedAtMs, durationMs: 0, errorCode: 'ERR_VAULT_DENIED' },
  ]);
});

function summarise(events: SessionEvent[], more: Partial<RunFacts> = {}) {
  return summariseRun({
    ...{ environment: 'local', store: 'memory', startedAtMs: 1000, endedAtMs: 9000 },
    ...{ events, uses: [], accesses: [], codeReferences: new Set(), vaultRequests: 3, codes: 2 },
    ...more,
  });
}

function accessOf(own: Partial<VaultAccess>): VaultAccess {
  return {
    ...{ when: '2026-01-02T03:04:05.678Z', vault: 'one-password', why: 'create', from: 'vault' },
    ...{ reference: 'op://automation/admin/password', session: 'admin', outcome: 'resolved', durationMs: 0 },
    ...own,
  };
}

function useOf(own: Partial<SessionUse>): SessionUse {
  return {
    ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'memory' },
    ...{ test: 'a.spec.ts › reads', project: 'chromium', worker: 0, askedAtMs: 0, waitedMs: 0 },
    ...own,
  };
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
