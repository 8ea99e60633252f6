// Puts a long entry of one letter again and again, until it is killed.
import { createEncryptedFileStore } from '../../../src/store/encrypted-file.js';
import { systemClock } from './system-clock.js';

const [folder = '', letter = 'x', length = '1'] = process.argv.slice(2);
const store = createEncryptedFileStore({ folder, clock: systemClock });
await store.put('admin', letter.repeat(Number(length)));
process.send?.('put');
for (;;) await store.put('admin', letter.repeat(Number(length)));
