import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isErrno } from '../files/own-path.js';
import { ownCacheFolder } from '../files/process-places.js';
import type { ResolveImport } from './source-digest.js';

/** Loads sessions files and flows, TypeScript or JavaScript, without Playwright's compiler. */
export interface Loader {
  readonly load: (file: string) => Promise<unknown>;
  readonly resolve: ResolveImport;
}

export interface LoaderOptions {
  /** What files that import this package get. [the package] */
  readonly publicNames?: Readonly<Record<string, unknown>>;
  /** Folder for compiled files. `false`: none. */
  readonly keepIn?: string | false;
}

/**
 * Caches compiled files by the digest of their source: loading the compiler costs more than everything else in a run
 * that only restores sessions.
 */
export async function createLoader(
  file: string,
  { publicNames, keepIn = keptFiles() }: LoaderOptions = {},
): Promise<Loader> {
  const { createJiti } = await import('jiti'); // most workers do not need it
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
        return undefined; // loading it reports the error
      }
    },
  };
}

/** A folder that only this user can write: the process with the vault's credential runs its contents. */
function keptFiles(): string | false {
  // In this repository, the package is TypeScript.
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

/** A file that cannot be cached is compiled again in the next run. */
const diskTroubles = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EISDIR'];
