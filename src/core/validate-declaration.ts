import * as v from 'valibot';
import { joinErrors } from './errors.js';
import { explainIssue } from './explain-issue.js';
import { onePasswordShape } from './one-password-shape.js';
import { sessionShape, sessionShapeOf } from './session-shape.js';
import { storeShape } from './store-shape.js';
import { vaultShape, vaultsShape } from './vault-shapes.js';
import { formatSuggestion } from './suggest-name.js';
import { notNegativeShape, positiveShape } from './value-shapes.js';

/**
 * Validates the export of a sessions file, and reports every problem with its path. Options have type `unknown`
 * until they pass. References are parsed later, and their problems reported together too.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function validateDeclaration(declaration: unknown, file: string): void {
  const result = v.safeParse(declarationShape, declaration);
  if (!result.success)
    throw joinErrors(
      result.issues.map((issue) => explainIssue(issue, { file, suggest: (path) => suggestKey(issue, path) })),
    );
}

function suggestKey(issue: v.BaseIssue<unknown>, path: readonly string[]): string {
  return formatSuggestion(path.at(-1) ?? '', knownKeys(issue, path));
}

function knownKeys(issue: v.BaseIssue<unknown>, path: readonly string[]): string[] {
  if (path[0] !== 'sessions' || path.length === 1) return keysOf(declarationShape.entries, path.slice(0, -1));
  return keysOf(sessionShapeOf(issue.path?.[1]?.value).entries, path.slice(2, -1));
}

function keysOf(entries: Readonly<Record<string, unknown>>, path: readonly string[]): string[] {
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(entries);
  const inner = entries[first] as {
    entries?: Record<string, unknown>;
    wrapped?: { entries?: Record<string, unknown> };
  };
  return keysOf(inner.wrapped?.entries ?? inner.entries ?? {}, rest);
}

/** Session names appear in messages, commands and file names. */
export const sessionNamePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

const sessionName = v.pipe(
  v.string(),
  v.regex(
    sessionNamePattern,
    'Expected: a session name of letters, digits, "-", "_" and ".", starting with a letter',
  ),
);

const declarationShape = v.pipe(
  v.strictObject({
    sessions: v.pipe(
      v.record(sessionName, sessionShape),
      v.check((sessions) => Object.keys(sessions).length > 0, 'Expected: at least one session'),
    ),
    environment: v.optional(v.picklist(['auto', 'deployed', 'local'])),
    whenMissing: v.optional(v.picklist(['error', 'local', 'skip'])),
    onePassword: v.optional(onePasswordShape),
    vault: v.optional(vaultShape),
    vaults: v.optional(vaultsShape),
    onEvent: v.optional(v.function('Expected: a function')),
    strictLeastPrivilege: v.optional(v.boolean()),
    websites: v.optional(v.literal('ignore')),
    signInTrace: v.optional(v.picklist(['off', 'on-failure'])),
    leaks: v.optional(
      v.strictObject({
        onLeak: v.optional(v.picklist(['quarantine', 'delete'])),
        folders: v.optional(v.array(v.string())),
        maxSeconds: v.optional(positiveShape),
      }),
    ),
    local: v.optional(
      v.strictObject({
        files: v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'Expected: at least one file'))),
      }),
    ),
    store: v.optional(storeShape),
    codes: v.optional(v.strictObject({ minRemainingSeconds: v.optional(notNegativeShape) })),
  }),
  v.forward(
    v.check(
      ({ vault, onePassword }) => vault === undefined || onePassword === undefined,
      'Expected: vault or onePassword, not both',
    ),
    ['vault'],
  ),
);
