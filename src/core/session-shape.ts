import * as v from 'valibot';
import { mailboxShape } from './mailbox-shape.js';
import { conflictIn } from './session-conflicts.js';
import {
  notEmptyShape,
  urlShape,
  notNegativeShape,
  positiveShape,
  wholeNumberIn,
  wholeNumberShape,
} from './value-shapes.js';
import { isWebsite } from './website-address.js';

const flowShape = v.union(
  [v.string(), v.looseObject({ create: v.function() })],
  'Expected: a flow or the path of its file',
);

const websitesWanted = "Expected: 'ignore', or a list of websites such as 'https://app.example'";

const shared = {
  baseURL: v.optional(urlShape),
  ttlSeconds: v.optional(positiveShape),
  minRemainingSeconds: v.optional(notNegativeShape),
  trustSeconds: v.optional(notNegativeShape),
  checkAttempts: v.optional(wholeNumberShape),
  createAttempts: v.optional(wholeNumberShape),
  renew: v.optional(v.boolean()),
  writeBack: v.optional(
    v.union([v.picklist(['check', 'test']), v.literal(false)], "Expected: 'check', 'test' or false"),
  ),
  restore: v.optional(v.picklist(['lazy', 'eager'])),
  proxy: v.optional(
    v.strictObject({
      server: v.string(),
      bypass: v.optional(v.string()),
      username: v.optional(v.string()),
      password: v.optional(v.string()),
    }),
  ),
  contextOptions: v.optional(v.looseObject({})),
  websites: v.optional(
    v.union(
      [
        v.literal('ignore'),
        v.pipe(
          v.array(v.pipe(v.string(), v.check(isWebsite, websitesWanted))),
          v.minLength(1, websitesWanted),
        ),
      ],
      websitesWanted,
    ),
  ),
  totp: v.optional(
    v.strictObject({
      periodSeconds: v.optional(wholeNumberShape),
      digits: v.optional(wholeNumberIn(6, 10)),
    }),
  ),
};

const uses = {
  exclusive: v.optional(v.boolean()),
  maxConcurrentUses: v.optional(wholeNumberShape),
  maxWaitSeconds: v.optional(v.pipe(positiveShape, v.maxValue(86_400, 'Expected: 86400, a day, at most'))),
};
const accountsWanted = 'Expected: a number from 1 to 1000, or a list of parameter sets';
const parametersShape = v.record(v.string(), v.string());

const httpCredentialsShape = v.strictObject({
  username: v.string(),
  password: v.string(),
  origin: v.optional(urlShape),
  send: v.optional(v.picklist(['always', 'unauthorized'])),
});

const certificateShape = v.pipe(
  v.strictObject({
    cert: v.optional(v.string()),
    key: v.optional(v.string()),
    pfx: v.optional(v.string()),
    passphrase: v.optional(v.string()),
    origin: v.optional(urlShape),
  }),
  v.check(
    ({ cert, key, pfx }) =>
      (cert === undefined) === (key === undefined) && (cert === undefined) !== (pfx === undefined),
    'Expected: cert and key, or pfx alone, with secret references',
  ),
);

const credentialsShape = v.strictObject({
  ...shared,
  ...uses,
  type: v.optional(v.literal('credentials')),
  flow: v.optional(flowShape),
  httpCredentials: v.optional(
    v.union(
      [httpCredentialsShape, v.array(httpCredentialsShape)],
      'Expected: { username, password, origin, send } with secret references, or a list of these',
    ),
  ),
  clientCertificates: v.optional(v.array(certificateShape)),
  parameters: v.optional(parametersShape),
  login: v.optional(v.string()),
  vault: v.optional(notEmptyShape),
  mailbox: v.optional(mailboxShape),
  accounts: v.optional(
    v.union(
      [
        v.pipe(
          v.number(),
          v.integer(accountsWanted),
          v.minValue(1, accountsWanted),
          v.maxValue(1000, accountsWanted),
        ),
        v.pipe(v.array(parametersShape), v.minLength(1, accountsWanted), v.maxLength(1000, accountsWanted)),
      ],
      accountsWanted,
    ),
  ),
});
const recorderShape = v.strictObject({
  ...shared,
  ...uses,
  type: v.literal('recorder'),
  flow: v.optional(flowShape),
});
const runtimeShape = v.strictObject({ ...shared, type: v.literal('runtime'), flow: flowShape });

/** The shape of a session by its `type`. */
export function sessionShapeOf(input: unknown) {
  const type: unknown =
    typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
  if (type === 'recorder') return recorderShape;
  if (type === 'runtime') return runtimeShape;
  return type === undefined || type === 'credentials'
    ? credentialsShape
    : v.looseObject({ type: v.picklist(['credentials', 'recorder', 'runtime']) });
}

/** Chosen by `type`, so that issues refer to the intended type. */
export const sessionShape = v.pipe(
  v.lazy(sessionShapeOf),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const issue = conflictIn(dataset.value);
    if (!issue) return;
    const { key, message } = issue;
    const input: unknown = (dataset.value as Record<string, unknown>)[key];
    addIssue({
      message,
      ...(input === undefined && { received: 'undefined' }),
      input,
      path: [{ type: 'object', origin: 'value', input: dataset.value, key, value: input }],
    });
  }),
);
