import * as nodeModules from 'node:module';
import path from 'node:path';
import { ownCacheFolder } from '../files/process-places.js';

export interface CompileCache {
  /** Node's `enableCompileCache`, from 22.1 on. */
  readonly enable?: ((folder: string) => unknown) | undefined;
  /** That of this user alone: its code is run by the process that has the vault's credential. */
  readonly cacheFolder?: () => string | undefined;
}

/** Has Node keep what it compiles of packages, and above all of Playwright, for the next broker. */
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
