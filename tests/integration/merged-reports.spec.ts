import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunSummary } from '../../src/core/session-event.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

/** Three shards, on one machine and one after the other: the second and third find the sessions stored. */
test.beforeAll(async () => {
  test.setTimeout(300_000);
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'a.spec.ts': whoAmITests('admin', 1, { pages: 0 }),
      'b.spec.ts': whoAmITests('customer', 1, { pages: 0 }),
      'c.spec.ts': whoAmITests('admin', 1, { pages: 0 }),
    },
  });
  for (const number of [1, 2, 3]) {
    const run = await project.run([`--shard=${number}/3`, '--reporter=blob'], {
      env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(project.folder, 'blobs', `report-${number}.zip`) },
    });
    expect(run.exitCode, run.output).toBe(0);
  }
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a merge writes one summary, one page and one audit file over all shards, with any reporter', async ({
  page,
}) => {
  const merged = await merge(['--reporter=json']);
  expect(merged.exitCode, merged.output).toBe(0);
  expect(() => JSON.parse(merged.stdout) as unknown).not.toThrow();
  expect(merged.stderr).toContain('2 sign-ins, 0 vault requests, 2 codes');
  const summary = await summaryOf();
  expect(summary.totals).toEqual({ signIns: 2, vaultRequests: 0, codes: 2, handedOut: 3 });
  expect(summary.shards?.map(({ label, totals }) => [label, totals?.signIns])).toEqual([
    ['1/3', 1],
    ['2/3', 1],
    ['3/3', 0],
  ]);
  expect(summary.events.map(({ session, outcome, shard }) => [session, outcome, shard])).toEqual([
    ['admin', 'created', '1/3'],
    ['customer', 'created', '2/3'],
    ['admin', 'restored', '3/3'],
  ]);
  const lines = (await project.read('reports/output/vault-access.jsonl')).trim().split('\n');
  const accesses = lines.map((line) => JSON.parse(line) as { session: string; shard: string });
  expect(new Set(accesses.map(({ session, shard }) => `${session} ${shard}`))).toEqual(
    new Set(['admin 1/3', 'customer 1/3', 'customer 2/3']), // the first request reads the values of both
  );
  await page.goto(`file://${path.join(project.folder, 'reports/output/auth-sessions.html')}`);
  await expect(page.getByRole('group', { name: 'Shards' }).getByRole('row')).toHaveCount(4);
  await page.screenshot({ path: test.info().outputPath('merged.png'), fullPage: true });
});

test('shards without their sessions or without a blob report are named', async () => {
  rmSync(path.join(project.folder, 'blobs/report-1.auth-sessions.json'));
  rmSync(path.join(project.folder, 'blobs/report-3.zip'));
  const merged = await merge(['--reporter=list']);
  expect(merged.exitCode, merged.output).toBe(0);
  expect(merged.stderr).toContain('shard 1/3 is missing: its blob report has no sessions next to it');
  expect(merged.stderr).toContain('shard 3/3 is missing: there is no blob report of it.');
  expect((await summaryOf()).shards?.map(({ label, missing }) => [label, missing === undefined])).toEqual([
    ['1/3', false],
    ['2/3', true],
    ['3/3', false],
  ]);
});

test('a damaged part fails the merge, and its shard is named', async () => {
  writeFileSync(path.join(project.folder, 'blobs/report-2.auth-sessions.json'), '{');
  const merged = await merge(['--reporter=list']);
  expect(merged.exitCode).toBe(1);
  expect(merged.stderr).toContain('the merge fails: shard 2/3: its sessions cannot be read: it is not JSON.');
});

function merge(args: readonly string[]) {
  return project.run(['-c', 'playwright.config.ts', ...args, 'blobs'], { command: 'merge-reports' });
}

async function summaryOf(): Promise<RunSummary> {
  return JSON.parse(await project.read('reports/output/auth-sessions.json')) as RunSummary;
}
