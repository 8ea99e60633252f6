import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { mergeSummaries } from '../../reports/shards/merge-summaries.js';
import { partFileOf, removeOrphans, writeShardParts } from '../../reports/shards/part-files.js';
import { readShards } from '../../reports/shards/read-shards.js';
import { parseShardPart } from '../../reports/shards/shard-part.js';
import type { RunSummary, SessionEvent } from '../../src/core/session-event.js';

let folder: string;

test.beforeEach(() => {
  folder = path.join(test.info().outputPath(), 'blobs');
  mkdirSync(folder, { recursive: true });
});

test('a part is written next to each blob report of the run, and read back', () => {
  const blob = writeBlob('report-2.zip');
  writeFileSync(path.join(folder, 'vault-access.jsonl'), `${JSON.stringify(access)}\nnot a line\n`);
  expect(write({ current: 2, total: 3 })).toEqual([path.join(folder, 'report-2.auth-sessions.json')]);
  const { parts, missing, troubles } = readShards([{ file: blob, shard: { current: 2, total: 3 } }]);
  expect(parts.map(({ label, part }) => [label, part.summary, part.accesses])).toEqual([
    ['2/3', JSON.parse(JSON.stringify(summaryOf(1000))), [access]],
  ]);
  expect(missing.map(({ label }) => label)).toEqual(['1/3', '3/3']);
  expect(troubles).toEqual([]);
});

test('a run without a blob reporter, and a blob report of an earlier run, get no part', () => {
  writeBlob('report.zip');
  expect(writeShardParts({ ...runOf(null), config: { reporter: [['list']], shard: null } }, 'clean')).toEqual(
    [],
  );
  expect(writeShardParts({ ...runOf(null), startedAtMs: Date.now() + 60_000 }, 'clean')).toEqual([]);
});

test('a part without its blob report is removed', () => {
  const blob = writeBlob('report.zip');
  const parts = write(null);
  rmSync(blob);
  removeOrphans(parts);
  expect(readShards([]).parts).toEqual([]);
  expect(() => rmSync(parts[0] ?? '')).toThrow();
});

test('a blob report without a part is missing by name, and does not fail the merge', () => {
  const found = readShards([{ file: writeBlob('report-1.zip'), shard: { current: 1, total: 1 } }]);
  expect(found.missing.map(({ label, missing }) => `${label}: ${missing}`)).toEqual([
    expect.stringMatching(/^1\/1: its blob report has no sessions next to it/),
  ]);
  expect(found.troubles).toEqual([]);
});

for (const [what, text, why] of [
  ['that is cut', '{"format":', 'it is not JSON'],
  ['of somebody else', '{"format":"other","version":1}', 'it is not from this package'],
  [
    'of a later version',
    '{"format":"playwright-auth-sessions shard","version":9}',
    'it has format version 9',
  ],
  ['without a summary', '{"format":"playwright-auth-sessions shard","version":1}', 'blobDigest is invalid'],
] as const)
  test(`a part ${what} fails the merge, and its shard is named`, () => {
    const blob = writeBlob('report-1.zip');
    writeFileSync(partFileOf(blob), text);
    const { troubles, missing } = readShards([{ file: blob, shard: { current: 1, total: 1 } }]);
    expect(troubles).toEqual([expect.stringContaining(`shard 1/1: its sessions cannot be read: ${why}`)]);
    expect(missing.map(({ label }) => label)).toEqual(['1/1']);
  });

test('a part of another blob report fails the merge', () => {
  const blob = writeBlob('report-1.zip');
  write({ current: 1, total: 1 });
  writeFileSync(blob, 'another');
  expect(readShards([{ file: blob, shard: null }]).troubles[0]).toContain(
    'it belongs to another blob report',
  );
});

for (const leakCheck of ['failed', 'not finished'] as const)
  test(`a shard whose leak check is "${leakCheck}" fails the merge, and is in the summary`, () => {
    const blob = writeBlob('report-1.zip');
    writeShardParts(runOf({ current: 1, total: 1 }), leakCheck);
    const { parts, troubles } = readShards([{ file: blob, shard: { current: 1, total: 1 } }]);
    expect(parts).toHaveLength(1);
    expect(troubles[0]).toMatch(/^shard 1\/1: its leak check (failed|did not finish)$/);
  });

test('a shard that ran again is there twice, the earlier run first', () => {
  const [again, first] = [writeBlob('again.zip'), writeBlob('first.zip')];
  for (const [blob, startedAtMs] of [
    [again, 9000],
    [first, 1000],
  ] as const) {
    const part = { blobDigest: digestOf(blob), leakCheck: 'clean', shard: null, accesses: [] };
    const text = JSON.stringify({ ...head, ...part, summary: summaryOf(startedAtMs) });
    writeFileSync(partFileOf(blob), text);
  }
  const shard = { current: 1, total: 1 };
  const { parts } = readShards([again, first].map((file) => ({ file, shard })));
  expect(parts.map(({ label, part }) => [label, part.summary.startedAtMs])).toEqual([
    ['1/1', 1000],
    ['1/1 (run 2)', 9000],
  ]);
});

test('a copy of a blob report counts once, and hides no failed leak check', () => {
  const blob = writeBlob('report-1.zip');
  const [part = ''] = write({ current: 1, total: 1 });
  const copy = path.join(folder, 'copy.zip');
  copyFileSync(blob, copy);
  copyFileSync(part, partFileOf(copy));
  const shard = { current: 1, total: 1 };
  const read = () => readShards([blob, copy].map((file) => ({ file, shard })));
  expect(read().parts.map(({ label }) => label)).toEqual(['1/1']);
  writeFileSync(partFileOf(copy), readFileSync(part, 'utf8').replace('"clean"', '"failed"'));
  expect(read().troubles).toEqual([expect.stringContaining('its leak check failed')]);
});

test('shards are named as missing for each number of shards that is merged', () => {
  const blob = writeBlob('report.zip');
  const shards = [
    { current: 1, total: 2 },
    { current: 2, total: 3 },
  ];
  const { missing } = readShards(shards.map((shard) => ({ file: blob, shard })));
  expect(missing.map(({ label }) => label)).toEqual(['1/2', '2/3', '2/2', '1/3', '3/3']);
});

test('numbers add up, events are in time, and each names its shard', () => {
  const vaultBudgets = [
    { sent: 5, left: 0 },
    { connection: 'staging', sent: 2, left: 498 },
  ];
  const again = [{ connection: 'staging', sent: 3, left: 497 }];
  const merged = mergeSummaries(
    [
      { label: '2/2', summary: { ...summaryOf(5000, 'restored'), vaultBudgets: again } },
      { label: '1/2', summary: { ...summaryOf(1000, 'created'), vaultBudgets } },
    ],
    [{ label: '3/3', missing: 'there is no blob report of it' }],
  );
  expect(merged).toMatchObject({
    ...{ startedAtMs: 1000, endedAtMs: 6000, environment: 'local', warnings: ['slow (shard 2/2, 1/2)'] },
    totals: { signIns: 2, vaultRequests: 4, codes: 2, handedOut: 6 },
  });
  expect(merged.events.map(({ shard, outcome }) => [shard, outcome])).toEqual([
    ['1/2', 'created'],
    ['2/2', 'restored'],
  ]);
  expect(merged.sessions).toMatchObject([{ session: 'admin', outcome: 'created', signIns: 2, handedOut: 6 }]);
  expect(merged.shards?.map(({ label, missing }) => [label, missing])).toEqual([
    ['1/2', undefined],
    ['2/2', undefined],
    ['3/3', 'there is no blob report of it'],
  ]);
  expect(merged.vaultBudgets).toEqual([
    { connection: 'staging', sent: 5, left: 995 },
    { sent: 5, left: 0 },
  ]);
  expect(merged.shards?.map((shard) => shard.vaultBudgets)).toEqual([vaultBudgets, again, undefined]);
  const without = mergeSummaries([{ label: '1/1', summary: summaryOf(1000, 'created') }]);
  expect(without).not.toHaveProperty('vaultBudgets');
});

test('every field of a summary is checked', () => {
  const part = { ...head, blobDigest: 'x', leakCheck: 'clean', shard: null, accesses: [] };
  const parse = (summary: object) => parseShardPart(JSON.stringify({ ...part, summary }));
  const whole = summaryOf(1000);
  expect(parse(whole)).toMatchObject({ leakCheck: 'clean' });
  expect(parse({ ...whole, vaultBudgets: [{ sent: 1, left: 2 }] })).toMatchObject({ leakCheck: 'clean' });
  for (const left of [-1, '<b>', null])
    expect(parse({ ...whole, vaultBudgets: [{ sent: 1, left }] })).toMatch(/is invalid$/);
  for (const key of Object.keys(whole).filter((one) => one !== 'warnings'))
    expect(parse({ ...whole, [key]: { wrong: true } }), key).toMatch(/is invalid$/);
});

const head = { format: 'playwright-auth-sessions shard', version: 1 };

const access = {
  ...{ when: '2026-01-01T00:00:00.000Z', vault: 'local', reference: 'op://a/b/c', session: 'admin' },
  ...{ why: 'create', from: 'vault', outcome: 'resolved', durationMs: 5 },
};

function write(shard: { current: number; total: number } | null): readonly string[] {
  return writeShardParts(runOf(shard), 'clean');
}

function runOf(shard: { current: number; total: number } | null) {
  return {
    config: { reporter: [['blob', { outputDir: folder }]] as [string, object][], shard },
    suiteFolder: folder,
    startedAtMs: Date.now() - 1000,
    summary: summaryOf(1000),
    accessFile: path.join(folder, 'vault-access.jsonl'),
    env: {},
  };
}

function writeBlob(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `blob ${name}`);
  return file;
}

function digestOf(file: string): string {
  return createHash('sha256')
    .update(`blob ${path.basename(file)}`)
    .digest('hex');
}

function summaryOf(startedAtMs: number, outcome: SessionEvent['outcome'] = 'created'): RunSummary {
  const place = { session: 'admin', baseURL: undefined };
  return {
    ...{
      environment: 'local',
      store: 'Redis',
      startedAtMs,
      endedAtMs: startedAtMs + 1000,
      warnings: ['slow'],
    },
    sessions: [
      {
        ...place,
        ...{
          outcome,
          created: 1,
          restored: 0,
          renewed: 0,
          failed: 0,
          durationMs: 10,
          waiters: 1,
          handedOut: 3,
        },
        ...{ signIns: 1, store: 'Redis', notes: [] },
      },
    ],
    events: [
      { ...place, outcome, startedAtMs, durationMs: 10, waiters: 1, signIns: 1, checks: 0, notes: [] },
    ],
    uses: [],
    vaultReads: [],
    totals: { signIns: 1, vaultRequests: 2, codes: 1, handedOut: 3 },
  };
}
