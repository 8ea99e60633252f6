import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { testExclusiveState } from '../support/store/exclusive-contract.js';

testExclusiveState('an exclusive state in memory', ({ clock }) => createMemoryStore({ clock }));

testExclusiveState('an exclusive state in files', ({ clock, folder }) =>
  createEncryptedFileStore({ clock, folder }),
);
