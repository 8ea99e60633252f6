// Runs this repository's command line, which is TypeScript; the package has a build.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const cache = fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
await createJiti(import.meta.url, { fsCache: cache }).import('./main.ts');
