// Runs the command line of this repository, which is TypeScript; the package has it built.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const cache = fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
await createJiti(import.meta.url, { fsCache: cache }).import('./main.ts');
