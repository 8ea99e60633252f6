// Loads the key of the store at a given moment, and sends its ID.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { loadStoreKey } from '../../../src/store/store-key.js';

const [stateFolder = ''] = process.argv.slice(2);
process.send?.('ready');
process.once('message', (startMs) => {
  void delay(Number(startMs) - Date.now())
    .then(async () => loadStoreKey({ stateFolder, randomBytes }))
    .then((key) => {
      process.send?.(key.id);
      process.disconnect();
    });
});
