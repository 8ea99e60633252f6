import { AuthSessionsError } from '../../core/errors.js';
import { unexpectedError } from '../../core/unexpected-error.js';
import type { Style } from './style.js';

/** An error's three parts: what failed, what is known, in one or more lines, and what to do. */
export function formatError({ code, explanation }: AuthSessionsError, style: Style): string {
  const { failed, known, next } = explanation;
  return [
    `${style.trouble('✗')} ${style.strong(failed)} ${style.quiet(`[${code}]`)}`,
    ...linesOf(known ?? ''),
    `  ${oneLine(next)}`,
  ].join('\n');
}

/** Browser errors span lines. The page that they are about has one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => `  ${line}`);
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** Splits joined errors. An unexpected error is reported only by its type. */
export function errorsOf(error: unknown): readonly AuthSessionsError[] {
  if (!(error instanceof AuthSessionsError)) return [unknownError(error)];
  const { cause } = error;
  const joined = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [];
  return joined.length > 0 && joined.every((one) => one instanceof AuthSessionsError) ? joined : [error];
}

/** Errors of the file system name paths. Any other error is reported only by its type. */
function unknownError(error: unknown): AuthSessionsError {
  const refusal = refusalOf(error);
  if (refusal === undefined) return unexpectedError(error);
  return new AuthSessionsError('ERR_FILE_UNUSABLE', {
    failed: 'A file or folder could not be used.',
    known: `The system reported ${refusal}.`,
    next: 'Check its permissions and the free disk space, then run again.',
  });
}

/** The file system's error: `EACCES of /shop/.gitignore`. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  return typeof path === 'string' && /^E[A-Z]+$/.test(code ?? '') ? `${code} of ${path}` : undefined;
}
