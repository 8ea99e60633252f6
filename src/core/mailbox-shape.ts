import * as v from 'valibot';
import { notEmptyShape, positiveShape, wholeNumberIn } from './value-shapes.js';

const reference = v.pipe(v.string(), v.regex(/^op(?:-env)?:\/\//, 'Expected: a secret reference, op://…'));

const shared = {
  address: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^op(?:-env)?:\/\/|^[^\s@]+@[^\s@]+$/, 'Expected: a mail address, or a secret reference'),
    ),
  ),
  maxWaitSeconds: v.optional(positiveShape),
};

const imapShape = v.strictObject({
  ...shared,
  host: notEmptyShape,
  port: v.optional(wholeNumberIn(1, 65_535)),
  tls: v.optional(v.union([v.boolean(), v.literal('starttls')], "Expected: true, 'starttls' or false")),
  caFile: v.optional(notEmptyShape),
  username: reference,
  password: reference,
  folder: v.optional(notEmptyShape),
});

const ownShape = v.strictObject({
  ...shared,
  open: v.function(),
  credentials: v.optional(v.record(v.string(), reference)),
});

/** The option `mailbox` of a session: with `open` an adapter, or else IMAP. */
export const mailboxShape = v.lazy((input) =>
  typeof input === 'object' && input !== null && 'open' in input ? ownShape : imapShape,
);
