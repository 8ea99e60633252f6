import * as v from 'valibot';
import { AuthSessionsError, joinErrors } from './errors.js';
import type { NamedSecret, SecretVariable } from './redact-options.js';
import { formatSuggestion } from './suggest-name.js';

export interface ValidRedactOptions {
  readonly environment: readonly Required<SecretVariable>[];
  readonly values: readonly (string | NamedSecret)[] | (() => unknown);
}

/**
 * Checks the third argument of `withAuthSessions`, and returns its redaction options. Messages show names of options
 * and types, never the given value: it may be a misplaced secret.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function validateRedactOptions(options: unknown): ValidRedactOptions {
  const { redact = {} } = parse(optionsShape, options ?? {}, []);
  const variables = redact.environment ?? [];
  return {
    environment: variables.map((one) =>
      typeof one === 'string'
        ? { name: one, required: false }
        : { name: one.name, required: one.required ?? false },
    ),
    values: redact.values ?? [],
  };
}

/** Checks what the function `redact.values` returned. @throws AuthSessionsError `ERR_CONFIG_INVALID` */
export function validateSecretValues(values: unknown): readonly (string | NamedSecret)[] {
  return parse(valuesShape, values, ['redact', 'values']);
}

/** An error about one option of the third argument. */
export function redactOptionError(
  path: readonly string[],
  { known, next, failed = 'is invalid' }: { known: string; next: string; failed?: string },
): AuthSessionsError {
  const option =
    path.length === 0 ? 'The third argument' : `Option "${path.join('.')}" in the third argument`;
  return new AuthSessionsError('ERR_CONFIG_INVALID', {
    failed: `${option} of withAuthSessions ${failed}.`,
    known,
    next,
  });
}

function parse<Shape extends v.GenericSchema>(
  shape: Shape,
  input: unknown,
  base: readonly string[],
): v.InferOutput<Shape> {
  const result = v.safeParse(shape, input);
  if (result.success) return result.output;
  throw joinErrors(result.issues.map((issue) => describeIssue(issue, base)));
}

function describeIssue(issue: v.BaseIssue<unknown>, base: readonly string[]): AuthSessionsError {
  const path = [...base, ...(issue.path ?? []).map(({ key }) => String(key))];
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const last = path.at(-1) ?? '';
    return redactOptionError(path, {
      known: `There is no option "${last}".`,
      next: formatSuggestion(last, keysAt(path.slice(0, -1))),
    });
  }
  return redactOptionError(path, { known: `It is ${typeInWords(issue.input)}.`, next: `${issue.message}.` });
}

/** Not even numbers are shown: a PIN is one. */
function typeInWords(input: unknown): string {
  if (input === null || input === undefined) return String(input);
  if (typeof input === 'string') return input.trim() === '' ? 'an empty string' : 'a string';
  return Array.isArray(input) ? 'a list' : `of type ${typeof input}`;
}

function keysAt([first, second]: readonly string[]): string[] {
  if (first === undefined) return ['redact', 'requireAuthSession'];
  if (second === undefined) return ['environment', 'values'];
  return second === 'environment' ? ['name', 'required'] : ['name', 'value'];
}

const expectedName =
  'Expected: the name of an environment variable, of letters, digits and "_", or { name, required }';
const expectedValue =
  'Expected: a non-empty string, or { name, value }. A variable that may be unset belongs in redact.environment';
const expectedLabel = 'Expected: a name of letters, digits, spaces, ".", "_" and "-", at most 64';

const variableName = v.pipe(v.string(expectedName), v.regex(/^[A-Za-z_]\w*$/, expectedName));
const variableShape = v.lazy((input) =>
  typeof input === 'string'
    ? variableName
    : v.strictObject(
        { name: variableName, required: v.optional(v.boolean('Expected: true or false')) },
        expectedName,
      ),
);
const valueText = v.pipe(
  v.string(expectedValue),
  v.check((text) => text.trim() !== '', expectedValue),
);
const valueShape = v.lazy((input) =>
  typeof input === 'string'
    ? valueText
    : v.strictObject(
        {
          name: v.pipe(
            v.string(expectedLabel),
            v.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, expectedLabel),
          ),
          value: valueText,
        },
        expectedValue,
      ),
);
const valuesShape = v.array(valueShape, 'Expected: a list of strings and { name, value }');
const functionShape = v.custom<() => unknown>((input) => typeof input === 'function');
const optionsShape = v.strictObject(
  {
    requireAuthSession: v.optional(v.boolean('Expected: true or false')),
    redact: v.optional(
      v.strictObject(
        {
          environment: v.optional(
            v.array(variableShape, 'Expected: a list of names of environment variables'),
          ),
          values: v.optional(v.lazy((input) => (typeof input === 'function' ? functionShape : valuesShape))),
        },
        'Expected: { environment, values }',
      ),
    ),
  },
  'Expected: { redact: { environment, values }, requireAuthSession }',
);
