import * as v from 'valibot';
import { isDefinedVault } from './defined-vault.js';
import { onePasswordShape } from './one-password-shape.js';
import { notEmptyShape, positiveShape, wholeNumberShape } from './value-shapes.js';
import { connectionNamePattern } from './vault-connection.js';

const secretName = v.pipe(
  v.string(),
  v.regex(/^AUTH_SESSIONS_VAULT_[A-Z0-9_]+$/, 'Expected: AUTH_SESSIONS_VAULT_ and capitals, digits or "_"'),
);

const definedShape = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z][A-Za-z0-9 ._-]{0,39}$/, 'Expected: 1 to 40 letters, digits, " ", ".", "_" or "-"'),
  ),
  secrets: v.optional(v.array(secretName)),
  resolveAll: v.function(),
  readCode: v.optional(v.function()),
  inspectReach: v.optional(v.function()),
  maxVaultRequests: v.optional(wholeNumberShape),
  deadlineSeconds: v.optional(positiveShape),
  maxAgeSeconds: v.optional(positiveShape),
});

/** `vault` of a sessions file. */
export const vaultShape = v.pipe(
  v.custom<object>(isDefinedVault, 'Expected: a vault from defineVault'),
  definedShape,
);

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
  v.lazy((input) => (isDefinedVault(input) ? vaultShape : connectionShape)),
);
