// Claims a lease, says so, and never lets go.
import { createEncryptedFileStore } from '../../../src/store/encrypted-file.js';
import { systemClock } from './system-clock.js';

const [folder = '', outlivesHolder] = process.argv.slice(2);
const store = createEncryptedFileStore({ folder, clock: systemClock });
const lease = await store.tryLease('sign-in', 600_000, { outlivesHolder: outlivesHolder === 'outlives' });
process.send?.(lease ? 'held' : 'refused');
setInterval(() => undefined, 1000);
