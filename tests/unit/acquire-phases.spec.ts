import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { PhasePath } from '../../src/core/acquire-phase.js';
import { createPhases } from '../../src/session/phases.js';
import { leaseName } from '../../src/session/with-lease.js';
import { askBroker } from '../../src/wire/ask-broker.js';
import { createBrokerServer } from '../../src/wire/server.js';
import { stateOf } from '../support/declared-session.js';
import { settle } from '../support/fake-clock.js';
import { createGate, createSessionBench, entry, type SessionBench } from '../support/session-bench.js';
import { test } from '../support/store/temporary-folder.js';

test('a request learns of its sign-in and the wait for a code, while they last', async () => {
  const bench = createSessionBench();
  bench.credentials = () =>
    Promise.resolve({
      values: {},
      nextCode: async (_, onWait) => {
        await onWait?.(() => bench.clock.sleep(1000));
        return '123456';
      },
    });
  bench.flows.create = async ({ nextCode, signal }) => {
    await nextCode(signal);
    return stateOf('signed in');
  };
  const paths = watch(bench);
  await bench.clock.runUntil(paths.acquired);
  expect(paths.seen).toEqual(['sign-in', 'sign-in code', 'sign-in', '']);
});

test('a request learns of the check of a stored session, and of nothing if the run has the session', async () => {
  const bench = createSessionBench();
  await bench.keep({});
  const first = watch(bench);
  await bench.clock.runUntil(first.acquired);
  expect(first.seen).toEqual(['check', '']);
  const second = watch(bench);
  await second.acquired;
  expect(second.seen).toEqual([]);
});

test('a request learns of the wait for another run that holds the session', async () => {
  const bench = createSessionBench();
  const lease = await bench.store.tryLease(leaseName(entry), 60_000);
  const { seen, acquired } = watch(bench);
  await bench.clock.advance(1000);
  expect(seen).toEqual(['lease']);
  await lease?.release();
  await bench.clock.runUntil(acquired);
  expect(seen).toEqual(['lease', '', 'sign-in', '']);
});

test('a later request learns the current phase, and one that has ended nothing more', async () => {
  const bench = createSessionBench();
  const gate = createGate<ReturnType<typeof stateOf>>();
  bench.flows.create = () => gate.passed;
  const first = watch(bench);
  await settle();
  const second = watch(bench);
  await settle();
  expect([first.seen, second.seen]).toEqual([['sign-in'], ['sign-in']]);
  gate.fail(new TypeError('The flow is broken.'));
  const ended = Promise.allSettled([first.acquired, second.acquired]);
  await bench.clock.runUntil(ended);
  const before = [...first.seen];
  await bench.clock.runUntil(Promise.allSettled([watch(bench, { name: 'admin' }).acquired]));
  expect(first.seen).toEqual(before);
});

test('each phase ends by itself, and one that is entered twice is named once', async () => {
  const phases = createPhases();
  const seen: string[] = [];
  phases.watch((path) => seen.push(path.join(' ')));
  const [outer, one, other] = [createGate(), createGate(), createGate()];
  const all = [
    phases.during('sign-in', () => outer.passed),
    phases.during('code', () => one.passed),
    phases.during('code', () => other.passed),
  ];
  outer.open();
  await settle();
  one.open();
  await settle();
  other.open();
  await Promise.all(all);
  expect(seen).toEqual(['sign-in', 'sign-in code', 'sign-in code', 'code', 'code', '']);
});

test('phases reach the worker before the answer, which stays the same', async ({ folder }) => {
  const address = join(folder, 's');
  const handleFile = join(folder, 'broker.json');
  writeFileSync(handleFile, JSON.stringify({ address, pass: 'of-the-run' }), { mode: 0o600 });
  const gate = createGate();
  const server = await createBrokerServer({
    address,
    pass: 'of-the-run',
    ledger: { pageAfter: () => undefined },
    handlers: {
      '/acquire': async (_, caller) => {
        caller?.onPhase?.(['sign-in']);
        await gate.passed;
        caller?.onPhase?.(['sign-in', 'code']);
        caller?.onPhase?.([]);
        return { skip: 'long '.repeat(50_000) };
      },
    },
  });
  const message = { session: 'admin', place: { baseURL: undefined, project: undefined } };
  const seen: PhasePath[] = [];
  const onPhase = (path: PhasePath) => {
    seen.push(path);
    gate.open();
  };
  try {
    const answer = await askBroker('/acquire', message, { handleFile, onPhase });
    expect(answer).toEqual({ skip: 'long '.repeat(50_000) });
    expect(seen).toEqual([['sign-in'], ['sign-in', 'code'], []]);
    // A worker of a version that does not know them gets the same answer.
    expect(await askBroker('/acquire', message, { handleFile })).toEqual(answer);
  } finally {
    await server.close();
  }
});

function watch(bench: SessionBench, session: Parameters<SessionBench['request']>[0] = {}) {
  const seen: string[] = [];
  const onPhase = (path: PhasePath) => void seen.push(path.join(' '));
  return { seen, acquired: bench.pool.acquire({ ...bench.request(session), onPhase }) };
}
