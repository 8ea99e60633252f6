import type { AuthSessionsErrorCode } from '../core/error-codes.js';
import { AuthSessionsError, type Evidence, type Explanation } from '../core/errors.js';
import { unexpectedError } from '../core/unexpected-error.js';

/** An error as it crosses to another process: without its cause and its stack. */
export interface SerializedError {
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  readonly session: string | undefined;
  readonly reference: string | undefined;
  readonly evidence: Evidence | undefined;
  readonly flowLine?: string | undefined;
}

export function serializeError(error: unknown): SerializedError {
  const known = error instanceof AuthSessionsError ? error : unexpectedError(error);
  const { code, explanation, session, reference, evidence, flowLine } = known;
  return { code, explanation, session, reference, evidence, flowLine };
}

export function deserializeError({ code, explanation, ...subject }: SerializedError): AuthSessionsError {
  return new AuthSessionsError(code, explanation, subject);
}
