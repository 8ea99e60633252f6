import { createRequire } from 'node:module';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { browserPlanOf } from '../../src/browser/browser-plan.js';
import { useOptions } from '../../src/browser/use-options.js';
import { contextOptionsOf } from '../../src/flow/flow-context.js';
import { declareSession } from '../support/declared-session.js';

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
    baseURL: 'https://app.example',
    browserName: 'firefox',
    launchOptions: { args: ['--one'], env: { A: '1' }, headless: true, channel: 'beta' },
    connectOptions: undefined,
    contextOptions: {
      ...{ locale: 'en-GB', reducedMotion: 'reduce', viewport: null },
      clientCertificates: [{ origin: 'https://app.example', pfx, passphrase: 'x' }],
    },
    pageSettings: {},
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
    pageSettings: {},
  });
  expect(deserialize(serialize(plan))).toEqual(plan);
  expect(browserPlanOf({ launchOptions: { logger } }).launchOptions).toEqual({});
});

test('has what a project says of its pages, and of what is expected on them', () => {
  const use = {
    ...{ testIdAttribute: 'data-qa', actionTimeout: 0, navigationTimeout: 7000, serviceWorkers: 'block' },
    ...{ contrast: 'more', forcedColors: 'active', reducedMotion: 'reduce', screen: { width: 1, height: 2 } },
  };
  const plan = browserPlanOf(use, { expect: { timeout: 900, toPass: { intervals: [5] } } });
  expect(plan.pageSettings).toEqual({
    ...{ testIdAttribute: 'data-qa', actionTimeout: 0, navigationTimeout: 7000 },
    expect: { timeout: 900, toPass: { intervals: [5] } },
  });
  expect(plan.contextOptions).toEqual({
    ...{ serviceWorkers: 'block', contrast: 'more', forcedColors: 'active', reducedMotion: 'reduce' },
    screen: { width: 1, height: 2 },
  });
  expect(deserialize(serialize(plan))).toEqual(plan);
});

test('finds the files of client certificates beside the config, as tests do', () => {
  const own = { origin: 'https://app.example', certPath: 'own.pem', keyPath: path.resolve('/keys/own.key') };
  const { contextOptions } = browserPlanOf(
    { clientCertificates: [own] },
    { folder: path.resolve('/project') },
  );
  expect(contextOptions.clientCertificates).toEqual([{ ...own, certPath: path.resolve('/project/own.pem') }]);
});

test('a sign-in is never recorded, and starts from its own state, even if a project sets another', () => {
  const records = {
    recordHar: { path: 'all.har' },
    recordVideo: { dir: 'videos' },
    storageState: 'old.json',
  };
  const plan = browserPlanOf({ contextOptions: { ...records, locale: 'de' } });
  const session = declareSession({ contextOptions: { ...records, timezoneId: 'Europe/Rome' } });
  const place = { baseURL: undefined, project: undefined };
  const options = contextOptionsOf({ session, place, signal: new AbortController().signal }, plan);
  expect(options).toEqual({ locale: 'de', timezoneId: 'Europe/Rome' });
});

test('every option that Playwright knows in use is decided on, and no other', () => {
  const types = path.join(path.dirname(require.resolve('playwright/package.json')), 'types/test.d.ts');
  const source = ts.createSourceFile(types, ts.sys.readFile(types) ?? '', ts.ScriptTarget.Latest);
  const interfaces = ['PlaywrightTestOptions', 'PlaywrightWorkerOptions'];
  const names = source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => interfaces.includes(name.text))
    .flatMap(({ members }) => members.map(({ name }) => name?.getText(source)));
  expect(Object.keys(useOptions).sort()).toEqual(names.sort());
});

const require = createRequire(createRequire(import.meta.url).resolve('@playwright/test/package.json'));
