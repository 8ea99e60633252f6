import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownCacheFolder } from '../files/process-places.js';
import type { ResolveImport } from './source-digest.js';

/** Loads sessions files and flows, TypeScript or JavaScript, outside Playwright's own compiler. */
export interface Loader {
  readonly load: (file: string) => Promise<unknown>;
  readonly resolve: ResolveImport;
}

/**
 * Compiled files are kept, by the digest of their source: the compiler alone costs more than all else that a run whose
 * sessions are stored has to load.
 */
export async function createLoader(
  file: string,
  { publicNames }: { readonly publicNames?: Readonly<Record<string, unknown>> } = {},
): Promise<Loader> {
  const { createJiti } = await import('jiti'); // most workers need none
  const jiti = createJiti(file, {
    fsCache: isBuilt
      ? keptFiles()
      : fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url)),
    interopDefault: false,
    tsconfigPaths: true,
    ...(publicNames && { virtualModules: { 'playwright-auth-sessions': publicNames } }),
  });
  return {
    load: (module) => jiti.import(module),
    resolve(specifier, importer) {
      try {
        const found = jiti.esmResolve(specifier, { parentURL: pathToFileURL(importer), try: true });
        return found?.startsWith('file:') ? fileURLToPath(found) : undefined;
      } catch {
        return undefined; // loading reports it
      }
    },
  };
}

/** Where this user alone can write: what is kept there is run, by the process that has the vault's credential. */
function keptFiles(): string | false {
  const cache = ownCacheFolder();
  if (cache === undefined) return false;
  const folder = path.join(cache, 'compiled');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** In this repository the package is TypeScript. */
const isBuilt = !import.meta.url.endsWith('.ts');
