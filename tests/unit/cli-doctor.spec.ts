import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { baseUrl, examineAddress } from '../../src/cli/doctor/base-url.js';
import { examineBrowser } from '../../src/cli/doctor/browser.js';
import { compareWithFile, judgeClock } from '../../src/cli/doctor/clock.js';
import { compareVersions } from '../../src/cli/doctor/compare-versions.js';
import { examineWiring } from '../../src/cli/doctor/config-wired.js';
import type { Facts } from '../../src/cli/doctor/gather-facts.js';
import { examineNode } from '../../src/cli/doctor/node-version.js';
import { examineCopies } from '../../src/cli/doctor/playwright-copies.js';
import { examinePlaywright, newestTested, oldestTested } from '../../src/cli/doctor/playwright-version.js';
import { projectSessions } from '../../src/cli/doctor/project-sessions.js';
import { shortValues } from '../../src/cli/doctor/references.js';
import { writeAndRead } from '../../src/cli/doctor/store.js';
import type { SuiteDescription } from '../../src/cli/suite/suite-description.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { systemClock } from '../../src/time/system-clock.js';
import { listen } from '../support/listen.js';

test('versions are compared as numbers', () => {
  expect(compareVersions('20.9.0', '20.19.0')).toBeLessThan(0);
  expect(compareVersions('1.65.0-alpha-2026', '1.65.0')).toBe(0);
  expect(compareVersions('22.0.0', '20.19.0')).toBeGreaterThan(0);
});

test('an old Node is trouble, with the oldest that works', () => {
  expect(examineNode('20.19.0')).toMatchObject([{ result: 'ok' }]);
  expect(examineNode('18.20.4')).toMatchObject([
    { result: 'trouble', seen: 'Node 18.20.4 is too old.', next: 'Install Node 20.19.0 or later.' },
  ]);
});

test('Playwright is missing, too old, tested, or newer than that', () => {
  const results = [undefined, '1.61.2', '1.62.0', '1.65.9', '1.66.0', '2.0.0'].map(
    (version) => examinePlaywright(version)[0]?.result,
  );
  expect(results).toEqual(['trouble', 'trouble', 'ok', 'ok', 'warning', 'warning']);
});

test('the versions that it says were tested are those that are', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest;
  const own = read('package.json');
  const installed = read('node_modules/@playwright/test/package.json').version ?? '';
  expect(examinePlaywright(installed)).toEqual([{ result: 'ok', seen: `Playwright ${installed}` }]);
  expect(
    installed.startsWith(`${newestTested}.`),
    `${installed} is tested, and it says ${newestTested}`,
  ).toBe(true);
  expect(own.peerDependencies?.['@playwright/test']).toBe(`>=${oldestTested}`);
  const oldest = read('tests/package/versions/package.json').dependencies?.[`playwright-${oldestTested}`];
  expect(oldest).toMatch(new RegExp(`@playwright/test@~${oldestTested.replace('.', '\\.')}\\.\\d+$`));
  const page = readFileSync(path.join(root, 'docs/ci.md'), 'utf8');
  const images = [...page.matchAll(/playwright:v([\d.]+)/g)].map(([, version]) => version);
  expect(images.length).toBeGreaterThan(2);
  expect(new Set(images)).toEqual(new Set([installed]));
});

interface Manifest {
  readonly version?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

test('several copies of Playwright are trouble, with who loads which', async () => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'copies-')));
  const install = async (place: string) => {
    const copy = path.join(folder, place, 'node_modules/@playwright/test');
    await mkdir(copy, { recursive: true });
    await writeFile(path.join(copy, 'package.json'), '{ "version": "1.65.0" }');
    return copy;
  };
  const askers = (app: string) =>
    [
      ['the project', path.join(folder, app, 'package.json')],
      ['the sessions file', path.join(folder, app, 'shared/sessions.ts')],
    ] as const;
  try {
    const own = await install('one');
    expect(examineCopies(askers('one'))).toEqual([{ result: 'ok', seen: 'One copy of @playwright/test' }]);
    const [mine, other] = [await install('two'), await install('two/shared')];
    expect(examineCopies(askers('two'))).toMatchObject([
      {
        result: 'trouble',
        seen: 'There are 2 copies of @playwright/test.',
        known: `the project: ${mine}; the sessions file: ${other}.`,
      },
    ]);
    // pnpm and workspaces link one copy to several places.
    for (const place of ['three', 'three/shared']) {
      const scope = path.join(folder, place, 'node_modules/@playwright');
      await mkdir(scope, { recursive: true });
      await symlink(own, path.join(scope, 'test'), 'junction');
    }
    expect(examineCopies(askers('three'))).toMatchObject([{ result: 'ok' }]);
    expect(examineCopies([['the project', path.join(tmpdir(), 'package.json')]])).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('without a server to ask, a config from tomorrow shows a clock that is behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'clock-'));
  const file = path.join(folder, 'playwright.config.ts');
  await writeFile(file, '');
  const now = new Date('2026-01-15T12:00:00Z');
  await utimes(file, now, now);
  expect(compareWithFile(file, now.getTime())).toMatchObject({ result: 'ok' });
  expect(compareWithFile(file, now.getTime() - 2 * 86_400_000)).toMatchObject({
    result: 'trouble',
    seen: 'The clock of this machine seems to be behind.',
  });
  await rm(folder, { recursive: true });
});

test('a value that is short, or a word that reports are full of, is a warning', async () => {
  const values = [new SecretValue('abcd', 'admin.pin'), new SecretValue('password', 'admin.password')];
  const looked = await shortValues.examine({
    references: { values, errors: [], count: 2 },
  } as unknown as Facts);
  expect(looked.map(({ result, seen }) => `${result}: ${seen}`)).toEqual([
    'warning: admin.pin has fewer than 6 characters.',
    'warning: admin.password is a common word in reports.',
  ]);
});

test('a word that the files of reporters use is warned of, by how often they use it', async () => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'reporter-')));
  const file = path.join(folder, 'node_modules/some-reporter/index.js');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'const gardening = gardening;');
  const values = [
    new SecretValue('operator', 'admin.username'),
    new SecretValue('gardening', 'admin.nickname'),
    new SecretValue('lX9sUq4kQ4nXbrPw', 'admin.password'),
  ];
  const wiring = { reporters: ['some-reporter'], globalSetups: [] };
  const looked = await shortValues.examine({
    references: { values, errors: [], count: 3 },
    description: { is: { wiring } },
    folder,
  } as unknown as Facts);
  expect(looked.map(({ result, seen }) => `${result}: ${seen}`)).toEqual([
    expect.stringMatching(/^warning: admin.username is a word in the files of reporters \(\d+ times\)\.$/),
    'warning: admin.nickname is a word in the files of reporters (2 times).',
  ]);
  await rm(folder, { recursive: true });
});

test('a clock that is off makes codes doubtful, and then useless', () => {
  expect(judgeClock(1200, 'my.1password.com')).toMatchObject({ result: 'ok' });
  expect(judgeClock(-9000, 'my.1password.com')).toMatchObject({
    result: 'warning',
    seen: 'The clock of this machine is 9 s behind my.1password.com.',
  });
  expect(judgeClock(70_000, 'my.1password.com')).toMatchObject({ result: 'trouble' });
});

test('a browser that is not there is trouble; a remote one is not looked for', async () => {
  const plan = {
    browserName: 'chromium',
    launchOptions: {},
    connectOptions: undefined,
    contextOptions: {},
    pageSettings: {},
  } as const;
  expect(
    await examineBrowser({ ...plan, launchOptions: { executablePath: '/nowhere/chrome' } }),
  ).toMatchObject({ result: 'trouble', seen: 'The browser /nowhere/chrome cannot be run.' });
  expect(
    await examineBrowser({ ...plan, connectOptions: { wsEndpoint: 'ws://127.0.0.1:1/' } }),
  ).toMatchObject({ result: 'ok' });
});

test('a chosen browser that cannot be run is trouble', async () => {
  const plan = {
    browserName: 'chromium',
    connectOptions: undefined,
    contextOptions: {},
    pageSettings: {},
  } as const;
  const chosen = process.env.AUTH_SESSIONS_BROWSER;
  process.env.AUTH_SESSIONS_BROWSER = '/nowhere/chrome';
  try {
    expect(await examineBrowser({ ...plan, launchOptions: {} })).toMatchObject({
      result: 'trouble',
      code: 'ERR_BROWSER_MISSING',
    });
  } finally {
    if (chosen === undefined) delete process.env.AUTH_SESSIONS_BROWSER;
    else process.env.AUTH_SESSIONS_BROWSER = chosen;
  }
});

test('a store that gives back something else than was written is trouble', async () => {
  const memory = createMemoryStore({ clock: systemClock });
  const key = { bytes: new Uint8Array(32).fill(7), id: '0011223344556677' };
  await expect(writeAndRead(memory, key)).resolves.toBeUndefined();
  const altered = { ...memory, get: () => Promise.resolve('something else') };
  await expect(writeAndRead(altered, key)).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
});

test.describe('the config', () => {
  const described = (changes: Partial<SuiteDescription>) =>
    examineWiring('playwright.config.ts', {
      sessionsFile: './auth-sessions.ts',
      wiring: {
        reporters: ['/x/reports/reporter.ts', 'list'],
        globalSetups: ['/x/fixtures/global-setup.ts'],
      },
      ...changes,
    } as SuiteDescription);

  test('is good with what withAuthSessions has put into it', () => {
    expect(described({})).toMatchObject([{ result: 'ok' }]);
  });

  test('is a problem if it is not wrapped', () => {
    expect(described({ sessionsFile: undefined })).toMatchObject([
      { result: 'trouble', seen: 'playwright.config.ts does not use auth sessions.' },
    ]);
  });

  test('is a problem if it replaces our reporter or global setup', () => {
    expect(described({ wiring: { reporters: ['list'], globalSetups: ['./mine.ts'] } })).toMatchObject([
      { result: 'trouble', next: 'Put globalSetup into the second argument of withAuthSessions.' },
      { result: 'trouble', next: 'Put reporter into the second argument of withAuthSessions.' },
    ]);
  });

  test('whose reporters cannot be seen is a warning', () => {
    expect(described({ wiring: { reporters: undefined, globalSetups: undefined } })).toMatchObject([
      { result: 'warning', seen: 'Whether the reporter comes first could not be checked.' },
    ]);
  });

  test('is a problem if another reporter comes before ours', () => {
    const wiring = { reporters: ['list', '/x/reports/reporter.js'], globalSetups: undefined };
    expect(described({ wiring })).toMatchObject([{ result: 'trouble' }]);
  });
});

test('a session that a project names is declared, as a session or as a pool', () => {
  const examine = (...projects: readonly { name: string; authSession?: string }[]) =>
    projectSessions.examine({
      sessions: {
        is: {
          sessions: new Map([
            ['admin', { name: 'admin' }],
            ['shopper[1]', { name: 'shopper[1]', account: { pool: 'shopper', number: 1, of: 1 } }],
          ]),
        },
      },
      description: { is: { projects } },
    } as unknown as Facts);
  expect(examine({ name: 'a' })).toEqual([]);
  expect(
    examine(
      { name: 'a', authSession: 'admin' },
      { name: 'b', authSession: 'shopper' },
      { name: 'c', authSession: 'admin' },
    ),
  ).toEqual([{ result: 'ok', seen: 'Projects: use admin, shopper' }]);
  expect(
    examine({ name: '', authSession: 'shoper' }, { name: 'b', authSession: 'shopper[1]' }),
  ).toMatchObject([
    {
      seen: 'The Playwright config uses the session "shoper", which is not declared.',
      known: 'Did you mean "shopper"?',
    },
    { seen: 'Project "b" uses the session "shopper[1]", which is not declared.' },
  ]);
  expect(examine({ name: 'b', authSession: 'somebody else' })).toMatchObject([
    { result: 'trouble', known: 'Known: "admin", "shopper".' },
  ]);
});

test('a base URL is missing, does not answer, answers, or is started by a run', async () => {
  const facts = (projects: readonly (string | undefined)[], session: string | undefined) =>
    ({
      context: { env: {}, signal: AbortSignal.timeout(60_000) },
      sessions: { is: { sessions: new Map([['admin', { name: 'admin', flow: {}, baseURL: session }]]) } },
      description: {
        is: {
          webServer: false,
          projects: projects.map((baseURL) => ({ baseURL, plan: { launchOptions: {}, contextOptions: {} } })),
        },
      },
    }) as unknown as Facts;
  expect(await baseUrl.examine(facts([undefined], undefined))).toEqual([
    expect.objectContaining({ result: 'warning', seen: 'No base URL is set.' }),
  ]);
  const server = createServer();
  const { url, close } = await listen(server);
  expect(await baseUrl.examine(facts([undefined], url))).toEqual([
    { result: 'ok', seen: `Base URL: ${url}` },
  ]);
  expect(await baseUrl.examine(facts([url, undefined, url], undefined))).toHaveLength(1);
  await close();
  const options = { webServer: false, isProxied: false, signal: AbortSignal.timeout(60_000) };
  expect(await examineAddress(url, options)).toMatchObject({
    result: 'warning',
    seen: `Nothing answers at ${url}.`,
    known: 'A connection to it failed: ECONNREFUSED.',
  });
  expect(await examineAddress(url, { ...options, webServer: true })).toMatchObject({ result: 'ok' });
  expect(await examineAddress(url, { ...options, isProxied: true })).toMatchObject({ result: 'ok' });
});
