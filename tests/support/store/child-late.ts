// Holds a lease of a moment, and puts an entry under it on request.
import { createEncryptedFileStore } from '../../../src/store/encrypted-file.js';
import { systemClock } from './system-clock.js';

const [folder = ''] = process.argv.slice(2);
const store = createEncryptedFileStore({ folder, clock: systemClock });
const lease = await store.tryLease('session:admin', 300);
process.on('message', () => {
  if (!lease) throw new Error('somebody else has the lease');
  store.put('admin', 'late', { lease, ttlMs: 300 }).then(
    () => process.send?.('stored'),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.send?.('held');
