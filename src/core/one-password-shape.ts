import * as v from 'valibot';
import { dateShape, notEmptyShape, positiveShape, wholeNumberShape } from './value-shapes.js';

/** `onePassword` of a sessions file. */
export const onePasswordShape = v.strictObject({
  integrationName: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9 ._-]{1,40}$/, 'Expected: 1 to 40 letters, digits, " ", ".", "_" or "-"'),
    ),
  ),
  integrationVersion: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9 ._-]{1,20}$/, 'Expected: 1 to 20 letters, digits, " ", ".", "_" or "-"'),
    ),
  ),
  auth: v.optional(
    v.strictObject({
      desktopAccount: v.optional(notEmptyShape),
      workloadIdentity: v.optional(v.strictObject({ workloadUuid: notEmptyShape })),
    }),
  ),
  maxVaultRequests: v.optional(wholeNumberShape),
  deadlineSeconds: v.optional(positiveShape),
  maxAgeSeconds: v.optional(positiveShape),
  tokenExpires: v.optional(dateShape),
});
