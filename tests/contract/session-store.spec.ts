import { join } from 'node:path';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { testSessionStore } from '../support/store/session-store-contract.js';

testSessionStore('memory', ({ clock }) => createMemoryStore({ clock }));

testSessionStore('encrypted files', ({ clock, folder }) =>
  createEncryptedFileStore({ clock, folder: join(folder, '.auth-sessions') }),
);

// As on a network share: nothing is known of any other process.
testSessionStore('encrypted files of another host', ({ clock, folder }) => {
  let store = 0;
  const create = () => createEncryptedFileStore({ clock, folder, host: `host-${store++}` });
  return {
    description: 'a new store for every call',
    get: async (key) => create().get(key),
    put: async (key, sealed, under) => create().put(key, sealed, under),
    remove: async (key) => create().remove(key),
    keys: async () => create().keys(),
    tryLease: async (name, ttlMs) => create().tryLease(name, ttlMs),
  };
});
