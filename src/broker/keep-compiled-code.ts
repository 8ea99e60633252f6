import * as nodeModules from 'node:module';
import path from 'node:path';
import { ownCacheFolder } from '../files/process-places.js';

export interface CompileCache {
  /** Node's `enableCompileCache`, since 22.1. */
  readonly enable?: ((folder: string) => unknown) | undefined;
  /** A folder that only this user can change: the process with the vault's credential runs its code. */
  readonly cacheFolder?: () => string | undefined;
}

/** Makes Node cache what it compiles of packages, mainly Playwright, for the next broker. */
export function keepCompiledCode({
  enable = (nodeModules as CompileCacheModule).enableCompileCache,
  cacheFolder = ownCacheFolder,
}: CompileCache = {}): void {
  const folder = enable && cacheFolder();
  if (folder !== undefined) enable?.(path.join(folder, 'node'));
}

interface CompileCacheModule {
  readonly enableCompileCache?: (folder: string) => unknown;
}
