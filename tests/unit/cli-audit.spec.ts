import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { envelopeOf, runInProcess, type CommandRun } from '../support/command-line.js';

interface Audit {
  readonly folder: string;
  /** Writes the report, and audits it. */
  readonly audit: (report: string, ...args: string[]) => Promise<CommandRun>;
}

const test = base.extend<Audit>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'audit-'));
    await writeFile(path.join(folder, 'playwright.config.ts'), '');
    await mkdir(path.join(folder, 'reports/output'), { recursive: true });
    await writeFile(path.join(folder, 'reports/output/vault-access.jsonl'), log());
    await use(folder);
    await rm(folder, { recursive: true });
  },
  audit: async ({ folder }, use) =>
    use(async (report, ...args) => {
      await writeFile(path.join(folder, 'usage.csv'), report);
      return runInProcess(['audit', 'usage.csv', ...args], { folder });
    }),
});

/** The suite read two items of the vault `e2e`, one of them twice. */
function log(): string {
  const access = (when: string, reference: string, more = {}) =>
    JSON.stringify({
      ...{ when, vault: 'one-password', reference, session: 'admin', why: 'create' },
      ...{ from: 'vault', outcome: 'resolved', durationMs: 12, ...more },
    });
  return [
    access('2026-11-03T10:00:00.000Z', 'op://e2e/Admin account/password'),
    access('2026-11-03T10:00:01.000Z', 'op://e2e/Admin account/one-time password?attribute=otp'),
    access('2026-11-03T10:00:01.000Z', 'op://e2e/viewerid00000000000000000a/password', { session: 'viewer' }),
    access('2026-11-03T10:00:02.000Z', 'op://e2e/never sent/password', { from: 'memory' }),
    access('2026-11-03T10:00:03.000Z', 'op://e2e/of a file/password', { vault: 'local' }),
    access('2026-11-03T10:00:04.000Z', 'op-env://blgexucrwfr2dtsxe2q4uu7dp4/PASSWORD'),
    '',
  ].join('\n');
}

const head = 'Item,Item UUID,Vault,Last Used';
const admin = '"Admin account",adminid000000000000000000a,e2e,2026-11-03T10:00:00Z';
const viewer = 'Viewer,viewerid00000000000000000a,e2e,2026-11-03T10:00:00Z';

test('a report whose items the log has is clean, in any case and with titles or IDs', async ({ audit }) => {
  const { exitCode, stdout } = await audit([head, admin.toUpperCase(), viewer].join('\n'));
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: '✓ 2 items in the report, 2 items in 1 log: 2 in both.\n',
  });
});

test('an item that no log has is a finding', async ({ audit }) => {
  const { exitCode, stdout } = await audit([head, admin, viewer, 'Payroll,,e2e,2026-11-03'].join('\n'));
  expect(exitCode).toBe(1);
  expect(stdout).toContain('✗ e2e/Payroll was used (last: 2026-11-03), and no log has it.');
  expect(stdout).toContain('Find who else holds the token');
});

test('an item of the same title in another vault is a finding', async ({ audit }) => {
  const { exitCode, stdout } = await audit([head, admin, viewer, '"Admin account",,prod,'].join('\n'));
  expect([exitCode, stdout]).toEqual([
    1,
    expect.stringContaining('✗ prod/Admin account was used, and no log'),
  ]);
});

test('a use after the last logged read is a finding, if its time has a zone', async ({ audit }) => {
  const later = await audit([head, viewer, admin.replace('T10:00', 'T10:10')].join('\n'));
  expect([later.exitCode, later.stdout]).toEqual([
    1,
    expect.stringContaining('after the last logged read at 2026-11-03T10:00:01.000Z'),
  ]);
  for (const time of [
    '2026-11-03T10:04:00Z',
    '2026-11-04 10:10',
    'Nov 4, 2026',
    '2026-11-03T12:01:00+02:00',
  ]) {
    const { exitCode } = await audit(
      [head, viewer, admin.replace('2026-11-03T10:00:00Z', `"${time}"`)].join('\n'),
    );
    expect([time, exitCode]).toEqual([time, 0]);
  }
});

test('a logged item that the report lacks is named, and is no finding', async ({ audit }) => {
  const { exitCode, stdout } = await audit([head, viewer].join('\n'));
  expect(exitCode).toBe(0);
  expect(stdout).toContain('! e2e/Admin account was read 2 × for admin, and is not in the report');
});

test('an item that is used in several ways counts once, with its last use', async ({ audit }) => {
  const early = viewer.replace('10:00', '09:00');
  const { exitCode, stdout } = await audit([head, admin, viewer, early].join('\n'));
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('2 items in the report')]);
});

test('columns are found by their heads, in any order, with a byte order mark and CRLF', async ({ audit }) => {
  const report = `\uFEFFLast_Accessed,vault name,ITEM TITLE\r\n,e2e,"Admin account"\r\n\r\n,"e2e","Pay, ""roll"""\r\n`;
  const { stdout } = await audit(report, '--json');
  const { data } = envelopeOf({ stdout });
  expect(data).toMatchObject({ unknown: [{ item: 'Pay, "roll"', vault: 'e2e' }], known: 1 });
});

test('a report without items says which columns it has', async ({ audit }) => {
  for (const [report, columns] of [
    ['Person,Action\nAda,read', 'Person, Action'],
    ['', 'none'],
  ] as const) {
    const { exitCode, stderr } = await audit(report);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`No column is an item. The columns are: ${columns}.`),
    ]);
  }
});

test('a file that is not CSV is an error, and is not quoted', async ({ audit }) => {
  const { exitCode, stderr } = await audit(`${head}\n"open quote, hunter2-hunter2`);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('It is not CSV')]);
  expect(stderr).not.toContain('hunter2');
});

test('names from the report cannot command the terminal', async ({ audit }) => {
  const { stdout } = await audit([head, '"\u001B[2Jitem\n::error::",,e2e,'].join('\n'));
  expect(stdout).toContain('\\u001b[2Jitem\\n\\u003a:error');
});

test('a damaged log fails the audit', async ({ audit, folder }) => {
  await writeFile(path.join(folder, 'cut.jsonl'), `${log()}{"when":"2026-`);
  const { exitCode, stdout } = await audit([head, admin, viewer].join('\n'), '--log', 'cut.jsonl');
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('1 line of the logs cannot be read')]);
});

test('without a report or a log there is wrong usage', async ({ audit, folder }) => {
  const missing = await audit(head, '--log', 'reports/output/vault-access.jsonl', 'other.jsonl');
  expect([missing.exitCode, missing.stderr]).toEqual([
    2,
    expect.stringMatching(/No such file: \S+other\.jsonl/),
  ]);
  await rm(path.join(folder, 'reports'), { recursive: true });
  const none = await audit(head);
  expect([none.exitCode, none.stderr]).toEqual([
    2,
    expect.stringContaining('There is no log to compare with'),
  ]);
  const report = await runInProcess(['audit', 'none.csv'], { folder });
  expect([report.exitCode, report.stderr]).toEqual([2, expect.stringContaining('No such file')]);
});
