import { AuthSessionsError } from '../../core/errors.js';
import type { Style } from './style.js';

/** An error's three parts, a line for each: what failed, what is known, what to do. */
export function formatError({ code, explanation }: AuthSessionsError, style: Style): string {
  const { failed, known, next } = explanation;
  return [
    `${style.trouble('✗')} ${style.strong(failed)} ${style.quiet(`[${code}]`)}`,
    ...(known ? [`  ${oneLine(known)}`] : []),
    `  ${oneLine(next)}`,
  ].join('\n');
}

/** What a browser says goes over lines. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** Several that were told as one are told one by one; what nobody foresaw is told by its kind alone. */
export function errorsOf(error: unknown): readonly AuthSessionsError[] {
  if (!(error instanceof AuthSessionsError)) return [unexpected(error)];
  const { cause } = error;
  const joined = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [];
  return joined.length > 0 && joined.every((one) => one instanceof AuthSessionsError) ? joined : [error];
}

/** Its text may hold anything. */
function unexpected(error: unknown): AuthSessionsError {
  const refusal = refusalOf(error);
  if (refusal !== undefined)
    return new AuthSessionsError('ERR_UNEXPECTED', {
      failed: 'A file or a folder could not be used.',
      known: `The system says ${refusal}.`,
      next: 'See to its permissions and to the space on its disk, and run again.',
    });
  const kind = error instanceof Error ? error.name : typeof error;
  const line = error instanceof Error ? /^\s+(at .*)$/m.exec(withoutMessage(error))?.[1] : undefined;
  return new AuthSessionsError('ERR_UNEXPECTED', {
    failed: 'Something went wrong that nobody foresaw.',
    known: `A ${kind} was thrown${line === undefined ? '' : ` ${line}`}.`,
    next: 'Run again; if it stays so, report it with this message.',
  });
}

/** What the file system says: `EACCES of /shop/.gitignore`. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  return typeof path === 'string' && /^E[A-Z]+$/.test(code ?? '') ? `${code} of ${path}` : undefined;
}

function withoutMessage({ stack = '', message }: Error): string {
  return message === '' ? stack : stack.replace(message, '');
}
