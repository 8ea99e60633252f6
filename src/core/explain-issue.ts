import type * as v from 'valibot';
import { AuthSessionsError } from './errors.js';

interface ExplainOptions {
  readonly file: string;
  /** What to do about the option of this path, which does not exist. */
  readonly suggest: (path: readonly string[]) => string;
}

/** What is wrong at one path of a sessions file. Contains no string of it: one may be a misplaced secret. */
export function explainIssue(
  issue: v.BaseIssue<unknown>,
  { file, suggest }: ExplainOptions,
): AuthSessionsError {
  const path = issue.path?.map((part) => String(part.key)) ?? [];
  const session = path[0] === 'sessions' ? path[1] : undefined;
  const failed = `Option "${path.join('.')}" in ${file} is invalid.`;
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    { failed, ...explain(issue, path, suggest) },
    { session },
  );
}

function explain(
  issue: v.BaseIssue<unknown>,
  path: readonly string[],
  suggest: ExplainOptions['suggest'],
): { known: string; next: string } {
  const last = path.at(-1) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { known: `There is no option "${last}".`, next: suggest(path) };
  if (issue.received === 'undefined') return { known: 'It is missing.', next: 'Add it.' };
  const isOwn = issue.message.startsWith('Expected: ');
  return {
    known: `It is ${describeReceived(issue)}.`,
    next: isOwn ? `${issue.message}.` : `Expected: ${describeExpected(issue.expected ?? 'something else')}.`,
  };
}

/** Translates valibot's `("auto" | "local")` and `Object`. */
function describeExpected(expected: string): string {
  return expectedInWords[expected] ?? expected.replaceAll(/[()]/g, '').replaceAll(' | ', ' or ');
}

const expectedInWords: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'a list',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
};

/** Shows numbers and booleans, but no strings: one may be a misplaced secret. */
function describeReceived({ input }: v.BaseIssue<unknown>): string {
  if (typeof input === 'number' || typeof input === 'boolean' || input === null) return String(input);
  return typeof input === 'string' ? 'a string' : `of type ${typeof input}`;
}
