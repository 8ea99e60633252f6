import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isErrno } from '../files/own-path.js';
import { ownCacheFolder } from '../files/process-places.js';
import type { ResolveImport } from './source-digest.js';

/** Loads sessions files and flows, TypeScript or JavaScript, outside Playwright's own compiler. */
export interface Loader {
  readonly load: (file: string) => Promise<unknown>;
  readonly resolve: ResolveImport;
}

export interface LoaderOptions {
  /** What a file that imports this package gets of it. [the package] */
  readonly publicNames?: Readonly<Record<string, unknown>>;
  /** Where compiled files are kept. `false`: nowhere. */
  readonly keepIn?: string | false;
}

/**
 * Compiled files are kept, by the digest of their source: the compiler alone costs more than all else that a run whose
 * sessions are stored has to load.
 */
export async function createLoader(
  file: string,
  { publicNames, keepIn = keptFiles() }: LoaderOptions = {},
): Promise<Loader> {
  const { createJiti } = await import('jiti'); // most workers need none
  const create = (fsCache: string | false) =>
    createJiti(file, {
      fsCache,
      interopDefault: false,
      tsconfigPaths: true,
      ...(publicNames && { virtualModules: { 'playwright-auth-sessions': publicNames } }),
    });
  const jiti = create(keepIn);
  return {
    load: (module) =>
      jiti.import(module).catch((error: unknown) => {
        if (keepIn === false || !isErrno(error, ...diskTroubles)) throw error;
        return create(false).import(module);
      }),
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
  // In this repository the package is TypeScript.
  if (import.meta.url.endsWith('.ts'))
    return fileURLToPath(new URL('../../node_modules/.cache/jiti', import.meta.url));
  const cache = ownCacheFolder();
  if (cache === undefined) return false;
  const folder = path.join(cache, 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return false;
  }
}

/** A file that cannot be kept is compiled again in the next run. */
const diskTroubles = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EISDIR'];
