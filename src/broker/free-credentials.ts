import {
  registerLocalCredentials,
  type KnowLocalOptions,
} from '../credentials/register-local-credentials.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';

/** Values that are known without a request to the vault: those of the local files. */
export interface FreeCredentials {
  /** Registers the unused ones with the redactor. */
  register(): Promise<void>;
  /** Does so once in a run. A file that cannot be read is reported when a sign-in reads it. */
  registerOnce(): Promise<void>;
  /** Starts a new run in the same process: reads the files again. */
  forget(): void;
}

export function createFreeCredentials(
  loaded: LoadedAuthSessions,
  { isLocal, ...files }: Pick<KnowLocalOptions, 'folder' | 'redactor'> & { readonly isLocal: boolean },
): FreeCredentials {
  let registered: Promise<void> | undefined;
  const register = async () => {
    if (isLocal) await registerLocalCredentials(loaded, files);
  };
  return {
    register,
    registerOnce: async () => (registered ??= register().catch(() => undefined)),
    forget: () => (registered = undefined),
  };
}
