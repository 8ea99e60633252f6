// Adds one to a counter file, many times, each time under a lease. Nothing but the lease guards the counter.
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createEncryptedFileStore } from '../../../src/store/encrypted-file.js';
import { systemClock } from './system-clock.js';

const [folder = '', counter = '', rounds = '0', host] = process.argv.slice(2);
const store = createEncryptedFileStore({ folder, clock: systemClock, ...(host && { host }) });

for (let round = 0; round < Number(rounds);) {
  const lease = await store.tryLease('counter', 30_000);
  if (!lease) {
    await delay(Math.random() * 20);
    continue;
  }
  const count = Number(await readFile(counter, 'utf8'));
  await new Promise(setImmediate);
  await writeFile(counter, String(count + 1));
  if (round % 5 === 0 && !(await lease.extend(30_000))) throw new Error('lost a lease that was held');
  await lease.release();
  round++;
}
process.disconnect();
