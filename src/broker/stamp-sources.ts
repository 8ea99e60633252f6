import path from 'node:path';
import { sessionDefaults } from '../core/session-defaults.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';
import { stampFiles, type FileStamps } from '../files/file-stamps.js';

/** The files that make a broker what it is: sessions file, flows, what they import, and local credentials. */
export function stampSources(
  { files, options }: Pick<LoadedAuthSessions, 'files' | 'options'>,
  { folder, sinceMs }: { readonly folder: string; readonly sinceMs: number },
): FileStamps {
  const local = (options.local?.files ?? sessionDefaults.localFiles).map((file) =>
    path.resolve(folder, file),
  );
  return stampFiles([...files, ...local], { sinceMs });
}
