import { AuthSessionsError } from './errors.js';

/** The error again, which first says where: `Session "admin", parameter "password"`. Its subject is what `about` says. */
export function restateError(
  { code, explanation: { failed, known, next } }: Pick<AuthSessionsError, 'code' | 'explanation'>,
  where: string,
  about: Pick<AuthSessionsError, 'session'> & Partial<Pick<AuthSessionsError, 'reference' | 'cause'>>,
): AuthSessionsError {
  return new AuthSessionsError(code, { failed: `${where}: ${failed}`, known, next }, about);
}
