/**
 * The public names of `playwright-auth-sessions/engine`: sessions outside of tests.
 *
 * @module engine
 */
export { openAuthSessions, type OpenAuthSessionsOptions } from './open-auth-sessions.js';
export type { OpenedAuthSessions, ScriptContextOptions } from './opened-auth-sessions.js';
export type { SessionRequest } from './session-request.js';
export type { PlaywrightStorageState } from '../core/storage-state.js';
export { AuthSessionsError } from '../core/errors.js';
export type { AuthSessionsErrorCode } from '../core/error-codes.js';
export type { ListedSession } from '../session/listed-session.js';
export type { CheckedSession } from '../wire/messages.js';
