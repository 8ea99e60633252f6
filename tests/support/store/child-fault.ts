// Stores an entry under a lease, and is killed at the given step. Or it finds the disk full there, once for each step.
import { join } from 'node:path';
import { createFailingFiles } from './failing-files.js';
import { systemClock } from './system-clock.js';

const [folder = '', how = '', step = '1'] = process.argv.slice(2);
const files = await createFailingFiles(join(folder, '..', `probe-${process.pid}`));
const { createEncryptedFileStore } = await import('../../../src/store/encrypted-file.js');
const store = createEncryptedFileStore({ folder, clock: systemClock });

async function write(): Promise<string> {
  try {
    const lease = await store.tryLease('session:admin', 60_000);
    if (!lease) return 'no lease';
    try {
      await store.put('admin', 'new sealed text', { lease, ttlMs: 60_000 });
    } finally {
      await lease.release();
    }
    return 'stored';
  } catch (error) {
    return String(error);
  }
}

if (how === 'kill') {
  files.failAt(Number(step), 'kill');
  await write();
  process.send?.('survived');
} else {
  files.failAt(Infinity, 'full');
  await write();
  const all = files.steps();
  const results = [];
  for (let at = 1; at <= all; at += 1) {
    files.failAt(Infinity, 'full');
    await store.put('admin', 'old sealed text');
    files.failAt(at, 'full');
    const result = await write();
    files.failAt(Infinity, 'full');
    results.push({ at, result, entry: await store.get('admin') });
    // What could not be given back is the dead holder's for others, and this one lives.
    const { rm } = await import('node:fs/promises');
    await rm(join(folder, 'leases'), { recursive: true, force: true });
  }
  process.send?.(results);
}
process.disconnect();
