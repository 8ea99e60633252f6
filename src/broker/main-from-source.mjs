// Runs this repository's broker, which is TypeScript; the package has a build. Node loads Playwright itself as usual:
// on Node 20, Playwright does not work with a loader registered for the whole process.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const cache = fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
await createJiti(import.meta.url, { fsCache: cache }).import('./main.ts');
