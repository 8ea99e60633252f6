import * as v from 'valibot';
import { AuthSessionsError, joinErrors } from './errors.js';
import { mailboxShape } from './mailbox-shape.js';
import { formatSuggestion } from './suggest-name.js';

/**
 * Validates the export of a sessions file, and reports every problem with its path. Options have type `unknown`
 * until they pass. References are parsed later, and their problems reported together too.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function validateDeclaration(declaration: unknown, file: string): void {
  const result = v.safeParse(declarationShape, declaration);
  if (!result.success) throw joinErrors(result.issues.map((issue) => describeIssue(issue, file)));
}

function describeIssue(issue: v.BaseIssue<unknown>, file: string): AuthSessionsError {
  const path = issue.path?.map((part) => String(part.key)) ?? [];
  const session = path[0] === 'sessions' ? path[1] : undefined;
  const failed = `Option "${path.join('.')}" in ${file} is invalid.`;
  return new AuthSessionsError('ERR_CONFIG_INVALID', { failed, ...explain(issue, path) }, { session });
}

function explain(issue: v.BaseIssue<unknown>, path: readonly string[]): { known: string; next: string } {
  const last = path.at(-1) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { known: `There is no option "${last}".`, next: formatSuggestion(last, knownKeys(issue, path)) };
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

function knownKeys(issue: v.BaseIssue<unknown>, path: readonly string[]): string[] {
  if (path[0] !== 'sessions' || path.length === 1) return keysOf(declarationShape.entries, path.slice(0, -1));
  return keysOf(shapeOf(issue.path?.[1]?.value).entries, path.slice(2, -1));
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

const positive = v.pipe(v.number(), v.gtValue(0, 'Expected: a number above 0'));
const notNegative = v.pipe(v.number(), v.minValue(0, 'Expected: 0 or more'));
const count = v.pipe(v.number(), v.integer('Expected: a whole number'), v.minValue(1, 'Expected: 1 or more'));
const notEmpty = v.pipe(v.string(), v.minLength(1, 'Expected: a non-empty string'));
const absoluteUrl = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\/[^\s]+$/.test(text), 'Expected: an absolute http(s) URL'),
);
const flowShape = v.union(
  [v.string(), v.looseObject({ create: v.function() })],
  'Expected: a flow or the path of its file',
);

const shared = {
  baseURL: v.optional(absoluteUrl),
  ttlSeconds: v.optional(positive),
  minRemainingSeconds: v.optional(notNegative),
  trustSeconds: v.optional(notNegative),
  checkAttempts: v.optional(count),
  createAttempts: v.optional(count),
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
  totp: v.optional(
    v.strictObject({
      periodSeconds: v.optional(count),
      digits: v.optional(
        v.pipe(
          v.number(),
          v.integer('Expected: a whole number'),
          v.minValue(6, 'Expected: 6 to 10'),
          v.maxValue(10, 'Expected: 6 to 10'),
        ),
      ),
    }),
  ),
};

const uses = {
  exclusive: v.optional(v.boolean()),
  maxConcurrentUses: v.optional(count),
  maxWaitSeconds: v.optional(v.pipe(positive, v.maxValue(86_400, 'Expected: 86400, a day, at most'))),
};
const accountsWanted = 'Expected: a number from 1 to 1000, or a list of parameter sets';
const parametersShape = v.record(v.string(), v.string());

const httpCredentialsShape = v.strictObject({
  username: v.string(),
  password: v.string(),
  origin: v.optional(absoluteUrl),
  send: v.optional(v.picklist(['always', 'unauthorized'])),
});

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
  clientCertificates: v.optional(
    v.array(
      v.strictObject({
        cert: v.string(),
        key: v.string(),
        passphrase: v.optional(v.string()),
        origin: v.optional(absoluteUrl),
      }),
    ),
  ),
  parameters: v.optional(parametersShape),
  login: v.optional(v.string()),
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

/** Chosen by `type`, so that issues refer to the intended type. */
const sessionShape = v.pipe(
  v.lazy(shapeOf),
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

/** Options that are right alone, and not together. */
function conflictIn(session: {
  readonly type?: string | undefined;
  readonly [option: string]: unknown;
}): { readonly key: string; readonly message: string } | undefined {
  const { type, flow, accounts, login, parameters, exclusive, maxConcurrentUses, writeBack } = session;
  const hasAccess = session.httpCredentials !== undefined || session.clientCertificates !== undefined;
  if (exclusive === true && maxConcurrentUses !== undefined)
    return { key: 'maxConcurrentUses', message: 'Expected: none, since exclusive: true allows one use' };
  if (exclusive === true && writeBack !== undefined && writeBack !== 'test')
    return { key: 'writeBack', message: "Expected: 'test' or none, since exclusive: true writes back" };
  if (type !== undefined && type !== 'credentials') return undefined;
  const hasNone = [parameters, login, accounts].every((one) => one === undefined);
  if (flow === undefined && hasAccess && hasNone) return undefined;
  if (flow === undefined) return { key: 'flow', message: 'Expected: a flow or the path of its file' };
  if (Array.isArray(accounts) && parameters !== undefined)
    return { key: 'parameters', message: 'Expected: none, since each account of the list has its own' };
  if (Array.isArray(accounts) && login !== undefined)
    return { key: 'login', message: 'Expected: none, since each account of the list has its own parameters' };
  if (!Array.isArray(accounts) && parameters === undefined && login === undefined)
    return { key: 'parameters', message: 'Expected: an object, or a login beside it' };
  const isSame =
    typeof accounts === 'number' &&
    accounts > 1 &&
    ![login, ...Object.values((parameters ?? {}) as Record<string, string>)].some((text) =>
      String(text).includes('${account}'),
    );
  if (isSame)
    return {
      key: login === undefined ? 'parameters' : 'login',
      message: 'Expected: ${account} in a reference, since the accounts differ by it',
    };
  return undefined;
}

function shapeOf(input: unknown) {
  const type: unknown =
    typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
  if (type === 'recorder') return recorderShape;
  if (type === 'runtime') return runtimeShape;
  return type === undefined || type === 'credentials'
    ? credentialsShape
    : v.looseObject({ type: v.picklist(['credentials', 'recorder', 'runtime']) });
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

const declarationShape = v.strictObject({
  sessions: v.pipe(
    v.record(sessionName, sessionShape),
    v.check((sessions) => Object.keys(sessions).length > 0, 'Expected: at least one session'),
  ),
  environment: v.optional(v.picklist(['auto', 'deployed', 'local'])),
  whenMissing: v.optional(v.picklist(['error', 'local', 'skip'])),
  onePassword: v.optional(
    v.strictObject({
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
          desktopAccount: v.optional(notEmpty),
          workloadIdentity: v.optional(v.strictObject({ workloadUuid: notEmpty })),
        }),
      ),
      maxVaultRequests: v.optional(count),
      deadlineSeconds: v.optional(positive),
      maxAgeSeconds: v.optional(positive),
    }),
  ),
  strictLeastPrivilege: v.optional(v.boolean()),
  leaks: v.optional(
    v.strictObject({
      onLeak: v.optional(v.picklist(['quarantine', 'delete'])),
      folders: v.optional(v.array(v.string())),
      maxSeconds: v.optional(positive),
    }),
  ),
  local: v.optional(
    v.strictObject({
      files: v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'Expected: at least one file'))),
    }),
  ),
  store: v.optional(
    v.pipe(
      v.strictObject({
        folder: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a folder'))),
        url: v.optional(
          v.pipe(
            v.string(),
            v.regex(/^(rediss?|unix):\/\/./, 'Expected: redis://, rediss:// or unix://'),
            v.check(
              (url) => !/^[a-z]+:\/\/[^/]*:[^/]*@|\?sentinel=/.test(url),
              'Expected: no password here. Put the whole URL into AUTH_SESSIONS_STORE_URL',
            ),
          ),
        ),
        client: v.optional(v.function()),
        caFile: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a file'))),
        sentinel: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a name'))),
        cluster: v.optional(v.boolean()),
        prefix: v.optional(v.pipe(v.string(), v.minLength(1, 'Expected: a name'))),
        whenStoreUnavailable: v.optional(v.picklist(['error', 'local'])),
      }),
      v.check(
        ({ sentinel, cluster }) => sentinel === undefined || cluster !== true,
        'Expected: sentinel or cluster, not both',
      ),
      v.check(
        ({ client, ...others }) =>
          client === undefined ||
          (['url', 'caFile', 'sentinel', 'cluster'] as const).every((name) => others[name] === undefined),
        'Expected: client without url, caFile, sentinel and cluster',
      ),
    ),
  ),
  codes: v.optional(v.strictObject({ minRemainingSeconds: v.optional(notNegative) })),
});
