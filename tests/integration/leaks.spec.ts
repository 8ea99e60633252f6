import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serveFolder } from '../support/folder-server.js';
import { createCanaries, type Canaries } from '../support/leaks/canaries.js';
import { createCanarySite, type CanarySite } from '../support/leaks/canary-site.js';
import { createGuardedProject, createUnguardedProject } from '../support/leaks/careless-project.js';
import { carelessMailSuite } from '../support/leaks/careless-mail-suite.js';
import {
  carelessSuite,
  elsewhereSuite,
  interruptedSuite,
  loggingServer,
  selfWrittenSuite,
} from '../support/leaks/careless-suite.js';
import { findCanaries } from '../support/leaks/count-finds.js';
import { waysOutSuite } from '../support/leaks/ways-out-suite.js';
import { resultsOf, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

let canaries: Canaries;
let site: CanarySite;
let project: NestedProject;

test.beforeEach(async () => {
  canaries = createCanaries();
  site = await createCanarySite(canaries);
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

const create = async (suite: string, make = createGuardedProject, more = {}) =>
  (project = await make({ siteUrl: site.url, canaries, suite, more }));
const finds = (run: { readonly output: string }) => findCanaries(project, run, { canaries, site });

test('the careless suite leaks nothing to any reporter, log or merged blob report, and without this package hundreds of times', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await create(carelessSuite, createUnguardedProject, { ways: waysOutSuite, mail: carelessMailSuite });
  const unguarded = await project.run(['--retries=0']);
  const leaked = await finds(unguarded);
  expect(leaked.length).toBeGreaterThan(300);
  for (const canary of [
    ...Object.keys(canaries.passwords),
    'username',
    'jwt',
    'opaque',
    'passkey',
    'code',
    'key',
    'mailCode',
    'mailToken',
  ])
    expect(
      leaked.some((find) => find.startsWith(`${canary} in`)),
      canary,
    ).toBe(true);
  await project.remove();

  await create(carelessSuite, createGuardedProject, { ways: waysOutSuite, mail: carelessMailSuite });
  const guarded = await project.run(['--retries=0', '--add-reporter=json'], { env: { DEBUG: 'pw:api' } });
  expect(guarded.output).toContain('6 failed');
  expect(guarded.output).not.toContain('redacted after the run');
  const merged = await project.run(['--reporter=json,list', 'reports/output/blob'], {
    command: 'merge-reports',
    // Playwright ends before all of a large report is in a pipe.
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'merged/report.json' },
  });
  expect(await finds({ output: guarded.output + merged.output })).toEqual([]);
  await test.step('a reporter of the command line and Playwright logs name the secret', () => {
    expect(guarded.stdout).toContain('"suites"');
    expect(guarded.output).toContain('pw:api');
    for (const kind of ['quotes', 'markup']) expect(guarded.output).toContain(`[redacted:${kind}.password]`);
    for (const kind of ['mailCode', 'mailLink']) expect(guarded.output).toContain(`[redacted:mail.${kind}]`);
    // The error of the flow that throws what it has.
    expect(guarded.stdout).toMatch(
      /its sign-in failed\.[^]{0,40}?mailed \[redacted:\w+\.mailCode\] \[redacted:\w+\.mailLink\]/,
    );
  });
  await test.step('merged blob reports have every result', async () => {
    const { stats } = JSON.parse(await project.read('merged/report.json')) as { stats: object };
    expect(stats).toMatchObject({ unexpected: 6, flaky: 0 });
  });
  await test.step('its traces open in the viewer of the HTML report', async () => {
    expect(await errorsInViewer(page, path.join(project.folder, 'reports/output/html'))).toEqual([]);
  });
});

for (const signal of ['SIGINT', 'SIGKILL'] as const)
  test(`a run ended by ${signal} leaves no secret`, async () => {
    await create(interruptedSuite);
    const running = project.start(['--retries=0']);
    await running.waitFor(/ready \[redacted:quotes\.password\]/);
    running.process.kill(signal);
    const run = await running.ended;
    await expect.poll(() => processesIn(project.folder), { timeout: 60_000 }).toEqual([]);
    expect(await finds(run)).toEqual([]);
  });

test('HAR bodies, web servers, links and a dead worker leave no secret; a snapshot and a file that a test writes fail the run, and are removed', async () => {
  await create(elsewhereSuite, createGuardedProject, { notes: selfWrittenSuite });
  const webServer =
    "webServer: { command: 'node server.mjs', wait: { stdout: /WEB_SERVER=(?<web_server>\\S+)/ }, stdout: 'pipe' },";
  const config = await project.read('playwright.config.ts');
  await project.write({
    'server.mjs': loggingServer,
    'playwright.config.ts': config.replace('testDir:', `${webServer} testDir:`),
  });
  const run = await project.run(['--retries=0']);
  expect(run.output).toContain('[WebServer] asked for /[redacted:long.password]');
  expect(run.output).toMatch(/in two writes \/(\[WebServer\] )?\[redacted:long\.password\]/);
  expect(await project.read('source/settings.json')).toBe(
    JSON.stringify({ password: canaries.passwords.quotes }),
  );
  expect(run.output).toMatch(
    /words\.password in tests\/careless\.spec\.ts-snapshots\/words\S*\.txt \(plain\)/,
  );
  const found = await finds(run);
  expect(found.filter((find) => !find.includes(' in .auth-sessions/quarantine/'))).toEqual([]);
  expect(found.filter((find) => /^words in \.auth-sessions\/quarantine\/.*\.txt /.test(find))).toHaveLength(
    1,
  );
  expect(readdirSync(path.join(project.folder, 'tests/careless.spec.ts-snapshots'))).toEqual([]);
  await test.step('the file is in the quarantine, for its owner only', async () => {
    expect(resultsOf(run, 'notes.spec.ts')).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('because it leaked secrets');
    expect(run.output).toContain('words.password in reports/output/notes.json (plain)');
    expect(run.output).not.toContain(canaries.passwords.words);
    expect(existsSync(path.join(project.folder, 'reports/output/notes.json'))).toBe(false);
    const kept = readdirSync(path.join(project.folder, '.auth-sessions/quarantine'), {
      recursive: true,
      withFileTypes: true,
    }).find(({ name }) => name === 'notes.json');
    expect((await stat(path.join(kept?.parentPath ?? '', 'notes.json'))).mode & 0o777).toBe(0o600);
  });
});

/** Opens a trace, and its sources, in the viewer that an HTML report brings along. */
async function errorsInViewer(page: Page, report: string): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  const trace = readdirSync(path.join(report, 'data')).find((name) => name.endsWith('.zip')) ?? '';
  const server = await serveFolder(report, '/');
  try {
    await page.goto(server.url);
    await expect(page.getByText('types words and fails').first()).toBeVisible();
    await page.goto(`${server.url}trace/index.html?trace=${server.url}data/${trace}`);
    await page.getByRole('tab', { name: 'Source' }).click();
    await expect(page.locator('.CodeMirror').first()).toBeVisible();
  } finally {
    await server.close();
  }
  return errors;
}

/** The broker, workers and browsers of a run: they have the project's folder as their own. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}
