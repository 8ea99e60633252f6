import type { AuthSessionName } from '../../fixtures/register.js';
import { AuthSessionsError } from '../core/errors.js';

/** A session, or one of type `runtime` with its parameters. */
export type SessionRequest =
  | AuthSessionName
  | { readonly name: AuthSessionName; readonly parameters?: Readonly<Record<string, string>> };

export interface AskedSession {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** @throws AuthSessionsError `ERR_USAGE` if it names no session, as with an unset variable of a script in JavaScript */
export function readSessionRequest(request: unknown): AskedSession {
  const { name, parameters } = isObject(request) ? request : { name: request, parameters: undefined };
  if (typeof name !== 'string' || name === '') throw noSession(request);
  if (parameters !== undefined && !isTexts(parameters)) throw noTexts(name);
  return { name, parameters };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((one) => typeof one === 'string');
}

/** Says the kind of the value alone: a wrong argument may be a secret. */
function noSession(request: unknown): AuthSessionsError {
  const kind = request === null ? 'null' : typeof request;
  return new AuthSessionsError('ERR_USAGE', {
    failed: 'No session is named.',
    known: `The argument is ${request === '' ? 'an empty text' : `of the kind ${kind}`}.`,
    next: "Name a session, such as: await sessions.request('admin')",
  });
}

function noTexts(name: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_USAGE',
    {
      failed: `The parameters of session "${name}" are not texts.`,
      next: "Pass an object of texts, such as: { name: 'guest', parameters: { username } }",
    },
    { session: name },
  );
}
