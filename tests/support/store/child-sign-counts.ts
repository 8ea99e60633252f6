// Reserves signature counters of one passkey, many times, and reports where each range begins.
import { createEncryptedFileStore } from '../../../src/store/encrypted-file.js';
import { createFileSignCounts } from '../../../src/store/file-sign-counts.js';
import { systemClock } from './system-clock.js';

const [folder = '', rounds = '0'] = process.argv.slice(2);
const store = createEncryptedFileStore({ folder, clock: systemClock });
const counts = createFileSignCounts({ folder, store, clock: systemClock });

const bases: (number | undefined)[] = [];
for (let round = 0; round < Number(rounds); round += 1)
  bases.push(await counts.reserve('one', { after: 0, count: 10 }));
process.send?.(JSON.stringify(bases));
process.disconnect();
