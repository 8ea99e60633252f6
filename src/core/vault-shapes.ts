import * as v from 'valibot';
import { onePasswordShape } from './one-password-shape.js';
import { notEmptyShape } from './value-shapes.js';
import { connectionNamePattern } from './vault-connection.js';

const connectionShape = v.strictObject({
  ...onePasswordShape.entries,
  auth: v.optional(v.strictObject({ desktopAccount: v.optional(notEmptyShape) })),
});

/** `vaults` of a sessions file. */
export const vaultsShape = v.record(
  v.pipe(
    v.string(),
    v.regex(
      connectionNamePattern,
      'Expected: a name of lower-case letters, digits and single hyphens that does not end with "file"',
    ),
  ),
  connectionShape,
);
