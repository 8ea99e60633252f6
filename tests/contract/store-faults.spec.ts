import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createRepair } from '../../reports/repair.js';
import { checkLeaks } from '../../src/artifacts/check-leaks.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { SecretValue } from '../../src/core/secret-value.js';
import type { RunSummary } from '../../src/core/session-event.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';
import { writeSummary } from '../../src/run/write-summary.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { mountSmallDisk, whyNoDisk } from '../support/small-disk.js';
import { startChild, withChildren } from '../support/store/node-child.js';
import { systemClock } from '../support/store/system-clock.js';
import { test as base } from '../support/store/temporary-folder.js';
import { writeZip } from '../support/write-zip.js';

/** With a disk of 64 KB, of which nothing is left once `fill` was called. */
const test = base.extend<{ disk: { folder: string; fill: () => Promise<void> } }>({
  disk: async ({ folder }, use) => {
    const place = join(folder, 'disk');
    const unmount = mountSmallDisk(place, 64);
    test.skip(!unmount, whyNoDisk);
    const fill = async () => {
      await writeFile(join(place, 'filler'), 'x'.repeat(1024 * 1024)).catch(() => undefined);
    };
    try {
      await use({ folder: place, fill });
    } finally {
      unmount?.();
    }
  },
});

test.setTimeout(300_000);

test('a writer that is killed at any step leaves a whole entry, and nothing that survives the next write', async ({
  folder,
}) => {
  test.skip(process.platform === 'win32', 'there is no SIGKILL');
  const place = join(folder, 'store');
  const texts = ['old sealed text', 'new sealed text'];
  for (let step = 1, ended: number | string = 'SIGKILL'; ended === 'SIGKILL'; step += 1) {
    await createEncryptedFileStore({ folder: place, clock: systemClock }).put('admin', texts[0] ?? '');
    await withChildren([startChild('child-fault.ts', [place, 'kill', String(step)])], async ([writer]) => {
      ended = await writer!.ended();
    });
    const store = createEncryptedFileStore({ folder: place, clock: systemClock });
    expect(texts, `killed at step ${step}`).toContain(await store.get('admin'));
    for (const file of await temporaryFiles(place)) {
      const half = await readFile(join(place, file), 'utf8');
      expect(file.startsWith('leases') || texts.some((text) => text.startsWith(half))).toBe(true);
    }
    const lease = await store.tryLease('session:admin', 60_000);
    expect(lease, `killed at step ${step}`).toBeDefined();
    await store.put('admin', 'next sealed text', { lease: lease!, ttlMs: 60_000 });
    await lease!.release();
    expect(await store.get('admin')).toBe('next sealed text');
    expect(await temporaryFiles(place)).toEqual([]);
  }
});

test('a full disk at any step of a write is reported, and leaves a whole entry and nothing half-written', async ({
  folder,
}) => {
  const place = join(folder, 'store');
  await withChildren([startChild('child-fault.ts', [place, 'full'])], async ([writer]) => {
    const results = (await writer!.nextMessage()) as { at: number; result: string; entry: string }[];
    expect(results.length).toBeGreaterThan(15);
    const told = results.filter(({ result }) => result !== 'stored');
    expect(told.length).toBeGreaterThan(5);
    for (const { result } of told) expect(result).toContain('The disk is full. (ENOSPC)');
    for (const { result, entry } of results)
      expect(['new sealed text', ...(result === 'stored' ? [] : ['old sealed text'])]).toContain(entry);
  });
  expect(await temporaryFiles(place)).toEqual([]);
});

test('the store reports a real full disk, for entries and leases', async ({ disk }) => {
  const place = join(disk.folder, 'store');
  const store = createEncryptedFileStore({ folder: place, clock: systemClock });
  await store.put('admin', 'old');
  const lease = await store.tryLease('session:admin', 60_000);
  await disk.fill();
  const full = /The disk is full\. \(ENOSPC\).*ERR_STORE_UNWRITABLE/;
  await expect(store.put('admin', 'x'.repeat(10_000), { lease: lease!, ttlMs: 60_000 })).rejects.toThrow(
    full,
  );
  await expect(store.put('admin', 'x'.repeat(10_000))).rejects.toThrow(full);
  await expect(store.tryLease('session:other', 60_000)).rejects.toThrow(full);
  expect(await store.get('admin')).toBe('old');
  expect(await temporaryFiles(place)).toEqual([]);
});

test('a full disk at the summary is reported, and leaves no half of one', async ({ disk }) => {
  await disk.fill();
  await expect(writeSummary(disk.folder, { sessions: [] } as unknown as RunSummary)).rejects.toThrow(
    /ENOSPC/,
  );
  expect(await readdir(disk.folder)).toEqual(['filler']);
});

test('a full disk at the quarantine keeps the run red, and no leak where reports are collected', async ({
  disk,
  folder,
}) => {
  await disk.fill();
  await expectDeleted(folder, join(disk.folder, 'quarantine'), /ENOSPC/);
});

const line = JSON.stringify({ type: 'console', text: 'correct horse/battery' });
for (const [name, write] of [
  ['trace.zip', () => writeZip({ 'trace.trace': line })],
  ['network.har', () => Buffer.from(line)],
] as const)
  test(`a full disk at the redaction of ${name} is reported, and the file stays as it was for the leak check`, async ({
    disk,
    folder,
  }) => {
    const file = join(disk.folder, name);
    const content = write();
    await writeFile(file, content);
    await disk.fill();
    const redactor = knowing('correct horse/battery');
    expect(() => redactFile(file, redactor)).toThrow(/ENOSPC/);
    expect((await readFile(file)).equals(content)).toBe(true);
    expect((await readdir(disk.folder)).sort()).toEqual(['filler', name].sort());
    const times = { startedAtMs: 0, readyAtMs: 0, secrets: [], ofPlaywright: [], ofSuite: [] };
    const { repaired, removed, findings } = await checkLeaks({
      roots: [file],
      redactor,
      onLeak: 'quarantine',
      quarantineFolder: join(folder, 'quarantine'),
      repair: createRepair({ redactor, ...times, ofReporters: [disk.folder] }),
    });
    expect(repaired).toEqual([]);
    expect(findings.map(({ kind }) => kind)).toEqual(['leak']);
    expect(removed).toMatchObject([{ from: file }]);
    expect(removed[0]?.to).toContain(join(folder, 'quarantine'));
    expect(existsSync(file)).toBe(false);
  });

test('a quarantine folder that cannot be made keeps the run red, and no leak where reports are collected', async ({
  folder,
}) => {
  await writeFile(join(folder, 'file'), '');
  await expectDeleted(folder, join(folder, 'file/quarantine'), /ENOTDIR|EEXIST/);
});

test('the write of a holder that was frozen for longer than its lease is refused', async ({ folder }) => {
  test.skip(process.platform === 'win32', 'no process can be frozen');
  const store = createEncryptedFileStore({ folder, clock: systemClock });
  await withChildren([startChild('child-late.ts', [folder])], async ([holder]) => {
    expect(await holder!.nextMessage()).toBe('held');
    holder!.process.kill('SIGSTOP');
    await expect.poll(() => store.tryLease('session:admin', 60_000)).toBeDefined();
    await store.put('admin', 'newer');
    holder!.process.kill('SIGCONT');
    holder!.process.send('write');
    expect(await holder!.nextMessage()).toContain('[ERR_LEASE_LOST]');
    expect(await store.get('admin')).toBe('newer');
  });
});

async function expectDeleted(folder: string, quarantineFolder: string, why: RegExp): Promise<void> {
  const secret = 'correct horse/battery';
  const redactor = knowing(secret);
  const files = ['one.txt', 'two.txt'].map((name) => join(folder, name));
  for (const file of files) await writeFile(file, secret);
  const { findings, removed } = await checkLeaks({
    roots: files,
    redactor,
    onLeak: 'quarantine',
    quarantineFolder,
  });
  expect(findings.map(({ kind }) => kind)).toEqual(['leak', 'leak']);
  expect(removed.map(({ from, to }) => ({ from, to }))).toEqual(
    files.map((from) => ({ from, to: undefined })),
  );
  for (const one of removed) expect(one.why).toMatch(why);
  expect(files.map((file) => existsSync(file))).toEqual([false, false]);
}

function knowing(secret: string): Redactor {
  const redactor = createRedactor();
  redactor.add(new SecretValue(secret, 'admin.password'));
  return redactor;
}

async function temporaryFiles(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'));
}
