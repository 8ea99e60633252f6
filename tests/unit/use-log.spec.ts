import { expect, test } from '@playwright/test';
import { createUseLog, type SessionAsk } from '../../src/broker/use-log.js';
import { AuthSessionsError } from '../../src/core/errors.js';

const ask: SessionAsk = {
  session: 'admin',
  baseURL: 'https://app.example',
  asker: { test: 'a.spec.ts › reads', project: 'chromium', worker: 3 },
};

test('keeps who asked for what, and how long it took', async () => {
  let nowMs = 1000;
  const log = createUseLog({ nowMs: () => nowMs });
  await log.record(ask, () => {
    nowMs += 250;
    return Promise.resolve({ outcome: 'created' });
  });
  expect(log.entries()).toEqual([
    {
      ...{ session: 'admin', baseURL: 'https://app.example', outcome: 'created' },
      ...{ test: 'a.spec.ts › reads', project: 'chromium', worker: 3, askedAtMs: 1000, waitedMs: 250 },
    },
  ]);
});

test('keeps a failure with its code, and passes it on', async () => {
  const log = createUseLog({ nowMs: () => 0 });
  const error = new AuthSessionsError('ERR_SIGN_IN_FAILED', { failed: 'No.', next: 'Mend it.' });
  await expect(log.record(ask, () => Promise.reject(error))).rejects.toBe(error);
  await expect(log.record(ask, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(log.entries().map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
    ['failed', 'ERR_SIGN_IN_FAILED'],
    ['failed', undefined],
  ]);
});

test('accepts a request without a test', async () => {
  const log = createUseLog({ nowMs: () => 0 });
  await log.record({ ...ask, asker: undefined }, () => Promise.resolve({ outcome: 'memory' }));
  expect(log.entries()).toMatchObject([{ test: '', project: '', worker: 0 }]);
});
