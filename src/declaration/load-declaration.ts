import type { AuthSessions } from '../core/auth-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Loader } from './create-loader.js';
import { loadDefault } from './load-default.js';

/**
 * What a sessions file declares. Not validated yet.
 *
 * @throws AuthSessionsError `ERR_SESSIONS_FILE_MISSING`, `ERR_SESSIONS_FILE_BROKEN`
 */
export async function loadDeclaration(file: string, loader: Loader): Promise<AuthSessions> {
  const loaded = await loadDefault(file, loader);
  if ('isMissing' in loaded)
    throw new AuthSessionsError('ERR_SESSIONS_FILE_MISSING', {
      failed: `The sessions file ${file} does not exist.`,
      known: 'Its path in withAuthSessions is relative to the Playwright config.',
      next: 'Create it with defineAuthSessions, or fix the path.',
    });
  if ('cause' in loaded)
    throw new AuthSessionsError(
      'ERR_SESSIONS_FILE_BROKEN',
      {
        failed: `The sessions file ${file} cannot be loaded.`,
        known: loaded.why,
        next: 'Fix the error shown above.',
      },
      { cause: loaded.cause },
    );
  const declaration = loaded.value;
  if (typeof declaration !== 'object' || declaration === null || !('sessions' in declaration))
    throw new AuthSessionsError('ERR_SESSIONS_FILE_BROKEN', {
      failed: `The sessions file ${file} exports no sessions.`,
      known: 'Its default export is not a result of defineAuthSessions.',
      next: 'Write: export default defineAuthSessions({ sessions: { … } }).',
    });
  return declaration as AuthSessions;
}
