import { expect, test } from '@playwright/test';
import { examineBrowser } from '../../src/cli/doctor/browser.js';
import { judgeClock } from '../../src/cli/doctor/clock.js';
import { compareVersions } from '../../src/cli/doctor/compare-versions.js';
import { examineWiring } from '../../src/cli/doctor/config-wired.js';
import { examineNode } from '../../src/cli/doctor/node-version.js';
import { examinePlaywright } from '../../src/cli/doctor/playwright-version.js';
import type { ProjectDescription } from '../../src/cli/project-description.js';

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
  } as const;
  expect(
    await examineBrowser({ ...plan, launchOptions: { executablePath: '/nowhere/chrome' } }),
  ).toMatchObject({ result: 'trouble', seen: 'The browser /nowhere/chrome cannot be run.' });
  expect(
    await examineBrowser({ ...plan, connectOptions: { wsEndpoint: 'ws://127.0.0.1:1/' } }),
  ).toMatchObject({ result: 'ok' });
});

test.describe('the config', () => {
  const described = (changes: Partial<ProjectDescription>) =>
    examineWiring('playwright.config.ts', {
      sessionsFile: './auth-sessions.ts',
      wiring: {
        reporters: ['/x/reports/reporter.ts', 'list'],
        globalSetups: ['/x/fixtures/global-setup.ts'],
      },
      ...changes,
    } as ProjectDescription);

  test('is good with what withAuthSessions has put into it', () => {
    expect(described({})).toMatchObject([{ result: 'ok' }]);
  });

  test('that is not wrapped is trouble', () => {
    expect(described({ sessionsFile: undefined })).toMatchObject([
      { result: 'trouble', seen: 'playwright.config.ts does not use auth sessions.' },
    ]);
  });

  test('that puts its own reporter or global setup in the place of ours is trouble', () => {
    expect(described({ wiring: { reporters: ['list'], globalSetups: ['./mine.ts'] } })).toMatchObject([
      { result: 'trouble', next: 'Give globalSetup to withAuthSessions, within its second argument.' },
      { result: 'trouble', next: 'Give reporter to withAuthSessions, within its second argument.' },
    ]);
  });

  test('that has another reporter before ours is trouble', () => {
    const wiring = { reporters: ['list', '/x/reports/reporter.js'], globalSetups: undefined };
    expect(described({ wiring })).toMatchObject([{ result: 'trouble' }]);
  });
});
