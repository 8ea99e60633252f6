import { deserialize, serialize } from 'node:v8';
import { expect, test } from '@playwright/test';
import { browserPlanOf } from '../../src/broker/browser-plan.js';

const logger = { level: 'all', isEnabled: () => true, log: () => undefined };

test('has how a project starts its browser and its contexts', () => {
  const pfx = Buffer.from('certificate');
  const plan = browserPlanOf({
    ...{ browserName: 'firefox', headless: true, channel: 'beta', baseURL: 'https://app.example' },
    ...{ launchOptions: { args: ['--one'], env: { A: '1' } }, viewport: null, locale: 'en-GB' },
    clientCertificates: [{ origin: 'https://app.example', pfx, passphrase: 'x' }],
    contextOptions: { locale: 'de', reducedMotion: 'reduce' },
  });
  expect(plan).toEqual({
    browserName: 'firefox',
    launchOptions: { args: ['--one'], env: { A: '1' }, headless: true, channel: 'beta' },
    connectOptions: undefined,
    contextOptions: {
      ...{ locale: 'en-GB', reducedMotion: 'reduce', viewport: null },
      clientCertificates: [{ origin: 'https://app.example', pfx, passphrase: 'x' }],
    },
  });
  expect(deserialize(serialize(plan))).toEqual(plan);
});

test('leaves out what cannot be sent to another process', () => {
  const plan = browserPlanOf({
    launchOptions: { logger, args: ['--one'] },
    contextOptions: { logger, locale: 'de', own: () => undefined },
    connectOptions: { wsEndpoint: 'ws://127.0.0.1:1', logger },
  });
  expect(plan).toEqual({
    browserName: 'chromium',
    launchOptions: { args: ['--one'] },
    connectOptions: { wsEndpoint: 'ws://127.0.0.1:1' },
    contextOptions: { locale: 'de' },
  });
  expect(deserialize(serialize(plan))).toEqual(plan);
  expect(browserPlanOf({ launchOptions: { logger } }).launchOptions).toEqual({});
});
