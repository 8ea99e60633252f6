// Runs the broker of this repository, which is TypeScript; the package has it built. Playwright itself is loaded
// by Node as always: a loader that is registered for the whole process does not get along with it on Node 20.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const cache = fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
await createJiti(import.meta.url, { fsCache: cache }).import('./main.ts');
