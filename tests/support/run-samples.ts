import { summariseRun } from '../../src/broker/summarise-run.js';
import type { RunSummary, SessionEvent, SessionUse } from '../../src/core/session-event.js';
import type { VaultAccess } from '../../src/core/vault-access.js';

const startedAtMs = Date.UTC(2026, 10, 21, 9, 30, 0);

export function runOf(own: Partial<Parameters<typeof summariseRun>[0]>): RunSummary {
  return summariseRun({
    ...{ environment: 'deployed', store: 'files in .auth-sessions', startedAtMs },
    ...{ endedAtMs: startedAtMs + 42_000, vaultRequests: 0, codes: 0 },
    ...{ events: [], uses: [], accesses: [], codeReferences: new Set<string>() },
    ...own,
  });
}

export function eventAt(atMs: number, own: Partial<SessionEvent> = {}): SessionEvent {
  return {
    ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'created', waiters: 1 },
    ...{ startedAtMs: startedAtMs + atMs, durationMs: 4200, signIns: 1, checks: 1, notes: [] },
    ...own,
  };
}

export function useAt(atMs: number, own: Partial<SessionUse> = {}): SessionUse {
  return {
    ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'memory', waitedMs: 1 },
    ...{ test: 'orders.spec.ts › orders › lists the orders', project: 'chromium', worker: 0 },
    askedAtMs: startedAtMs + atMs,
    ...own,
  };
}

function readAt(atMs: number, durationMs: number, own: Partial<VaultAccess> = {}): VaultAccess {
  return {
    ...{
      when: new Date(startedAtMs + atMs + durationMs).toISOString(),
      vault: 'one-password',
      from: 'vault',
    },
    ...{ reference: 'op://automation/shop-admin/password', session: 'admin', why: 'create' },
    ...{ outcome: 'resolved', durationMs },
    ...own,
  };
}

const codes = (session: string) => `op://automation/shop-${session}/one-time password?attribute=otp`;

function oneSession(): RunSummary {
  const uses = Array.from({ length: 12 }, (_, index) =>
    index < 4
      ? useAt(900 + index * 120, { outcome: 'created', waitedMs: 4300 - index * 120, worker: index })
      : useAt(5000 + index * 2600, { worker: index % 4 }),
  );
  return runOf({
    events: [eventAt(1000, { waiters: 4 })],
    uses,
    accesses: [readAt(1100, 640), readAt(3400, 900, { reference: codes('admin') })],
    codeReferences: new Set([codes('admin')]),
    ...{ vaultRequests: 5, codes: 1 },
  });
}

function typicalRun(): RunSummary {
  const names = ['admin', 'customer', 'newcomer'];
  const outcomes = ['created', 'restored', 'renewed'] as const;
  const events = names.map((session, index) =>
    eventAt(700 + index * 300, {
      session,
      ...{ outcome: outcomes[index] ?? 'created', durationMs: [4200, 340, 5600][index] ?? 1000 },
      ...{ waiters: [6, 2, 3][index] ?? 1, signIns: index === 1 ? 0 : 1 },
      notes: index === 2 ? ['the stored entry was not used: sealed with another key'] : [],
    }),
  );
  const uses = names.flatMap((session, which) =>
    Array.from({ length: 30 }, (_, index) => {
      const waits = index < ([6, 2, 3][which] ?? 0);
      const readyMs = 700 + which * 300 + ([4200, 340, 5600][which] ?? 0);
      const atMs = waits ? 700 + which * 300 + index * 70 : readyMs + index * index * 38;
      const title = titles[(index + which) % titles.length] ?? '';
      return useAt(atMs, {
        ...{ session, worker: index % 4, test: title, project: index % 2 ? 'chromium' : 'firefox' },
        ...(waits && { outcome: outcomes[which] ?? 'created', waitedMs: readyMs - atMs }),
      });
    }),
  );
  const accesses = ['admin', 'newcomer'].flatMap((session, index) => [
    readAt(800, 610, { session, reference: `op://automation/shop-${session}/username` }),
    readAt(800, 610, { session, reference: `op://automation/shop-${session}/password` }),
    readAt(2600 + index * 400, 1200 + index * 1300, {
      ...{ session, reference: codes(session), why: index === 1 ? 'renew' : 'create' },
    }),
  ]);
  const codeReferences = new Set(names.map(codes));
  const warnings = ['the vault credential can also read the vault "Payroll", which no session uses'];
  return runOf({ events, uses, accesses, codeReferences, warnings, vaultRequests: 9, codes: 2 });
}

const titles = [
  'orders.spec.ts › orders › lists the orders',
  'orders.spec.ts › orders › cancels one, and says so',
  'booking.spec.ts › books a consultation',
  'booking.spec.ts › with a voucher › takes it off the price, and keeps the rest of it for the next booking',
  'profile.spec.ts › shows who is signed in',
];

function warmRun(): RunSummary {
  const events = ['admin', 'customer'].map((session, index) =>
    eventAt(600 + index * 90, { session, outcome: 'restored', durationMs: 48, signIns: 0, waiters: 2 }),
  );
  const uses = events.flatMap(({ session }) =>
    Array.from({ length: 9 }, (_, index) =>
      useAt(600 + index * 4100, { session, ...(index < 2 && { outcome: 'restored', waitedMs: 40 }) }),
    ),
  );
  return runOf({ environment: 'local', events, uses });
}

function largeRun(): RunSummary {
  const names = Array.from(
    { length: 30 },
    (_, index) => `${['admin', 'customer', 'auditor'][index % 3] ?? ''}-${index + 1}`,
  );
  const readyMs = (index: number) => 1500 + (index % 7) * 900 + index * 60;
  const outcomeOf = (index: number) =>
    index % 5 === 0 ? 'created' : index % 11 === 0 ? 'renewed' : 'restored';
  const events = names.map((session, index) => {
    const durationMs = outcomeOf(index) === 'restored' ? 220 : 3600 + (index % 4) * 700;
    return eventAt(readyMs(index) - 220, {
      session,
      outcome: outcomeOf(index),
      durationMs,
      waiters: 1 + (index % 9),
    });
  });
  const uses = Array.from({ length: 500 }, (_, index) => {
    const which = (index * 7) % 30;
    const event = events[which];
    const isFirst = index < 90;
    const endMs = event ? event.startedAtMs - startedAtMs + event.durationMs : 0;
    const atMs = isFirst ? endMs - 200 - (index % 9) * 15 : endMs + ((index * 7919) % 280_000);
    return useAt(atMs, {
      ...{ session: names[which] ?? '', worker: index % 16, test: titles[index % titles.length] ?? '' },
      ...(isFirst && { outcome: outcomeOf(which), waitedMs: endMs - atMs }),
    });
  });
  const accesses = names.map((session, index) =>
    readAt(1200 + (index % 4) * 30, 900, { session, reference: `op://automation/${session}/password` }),
  );
  return runOf({ endedAtMs: startedAtMs + 301_000, events, uses, accesses, vaultRequests: 61, codes: 9 });
}

function failedRun(): RunSummary {
  const rejected = 'ERR_CREDENTIALS_REJECTED';
  const events = [
    eventAt(900, {
      ...{ outcome: 'failed', durationMs: 3100, waiters: 5, errorCode: rejected },
      failure: {
        failed: 'Session "admin": the application rejected its credentials.',
        known:
          'Wrong email or password. The page was https://app.example/account/sign-in/with-a-password-or-a-passkey ("Sign in"). ' +
          'No session, command or run sends the same credentials again for 24 hours, so that the account is not locked.',
        next: 'Check the values of its references. New values are used at once. To send the same values again, run: npx playwright-auth-sessions renew admin',
      },
    }),
    eventAt(950, { session: 'customer', outcome: 'restored', durationMs: 300, signIns: 0 }),
    eventAt(21_000, { session: 'customer', outcome: 'renewed', durationMs: 5200 }),
    eventAt(1100, {
      session: 'auditor',
      outcome: 'failed',
      durationMs: 15_000,
      signIns: 0,
      errorCode: 'ERR_VAULT_UNREACHABLE',
    }),
  ];
  const failed = (atMs: number, waitedMs: number, session = 'admin', errorCode = rejected) =>
    useAt(atMs, { session, outcome: 'failed', waitedMs, errorCode });
  const uses = [
    ...Array.from({ length: 5 }, (_, index) => failed(900 + index * 150, 3100 - index * 150)),
    ...Array.from({ length: 9 }, (_, index) => failed(6000 + index * 2900, 1)),
    ...Array.from({ length: 14 }, (_, index) => useAt(1250 + index * 2100, { session: 'customer' })),
    failed(1100, 15_000, 'auditor', 'ERR_VAULT_UNREACHABLE'),
  ];
  const accesses = [
    readAt(1000, 420),
    readAt(1150, 15_000, {
      session: 'auditor',
      outcome: 'ERR_VAULT_UNREACHABLE',
      reference: 'op://audit/auditor/password',
    }),
  ];
  return runOf({ events, uses, accesses, vaultRequests: 14 });
}

function misspeltRun(): RunSummary {
  const failure = {
    failed: 'There is no session "admni".',
    known: 'The sessions file does not declare it.',
    next: 'Did you mean "admin"?',
  };
  const event = eventAt(900, {
    ...{ session: 'admni', baseURL: undefined, outcome: 'failed', errorCode: 'ERR_SESSION_UNKNOWN' },
    ...{ durationMs: 0, signIns: 0, checks: 0, failure },
  });
  // A restarted broker reports it again.
  return runOf({ environment: 'local', events: [event, event] });
}

/** What names, titles and notes could do to a page that is careless with them. */
function hostileRun(): RunSummary {
  const evil = `</title><script>document.title='pwned'</script><img src=x onerror="document.title='pwned'">"'\`&amp;`;
  const session = `</style>${evil}\u202Eeman`;
  const reference = `op://${evil}/item/field`;
  return runOf({
    environment: evil,
    store: evil,
    events: [
      eventAt(0, {
        session,
        baseURL: evil,
        outcome: 'failed',
        errorCode: evil,
        notes: [evil, 'a\u0000b'],
        failure: { failed: evil, known: evil, next: evil },
      }),
    ],
    uses: [useAt(0, { session, baseURL: evil, test: `${evil} › ${evil}`, project: evil, errorCode: evil })],
    accesses: [readAt(0, 10, { session, reference })],
    codeReferences: new Set([reference]),
    warnings: [evil],
  });
}

/** Runs to look at: what a page of them has to stand. */
export const runSamples: Readonly<Record<string, RunSummary>> = {
  nothing: runOf({}),
  one: oneSession(),
  typical: typicalRun(),
  warm: warmRun(),
  large: largeRun(),
  failures: failedRun(),
  misspelt: misspeltRun(),
  hostile: hostileRun(),
};
