import type { AuthFlow } from './auth-flow.js';
import type { AuthSessionDeclaration } from './auth-session.js';
import type { SessionAccessOptions, SessionUseOptions, SharedSessionOptions } from './session-options.js';
import { sessionDefaults } from './session-defaults.js';
import { AuthSessionsError } from './errors.js';
import { isReference, mailboxReferences, type DeclaredMailbox, type MailboxOptions } from './mailbox.js';
import { parseDeclared, refuseCode } from './parse-declared-reference.js';
import { parseLogin, parseSecretReference, type SecretReference } from './secret-reference.js';
import { readAccess, type DeclaredAccess } from './session-access.js';
import { formatSuggestion } from './suggest-name.js';

/** A declared session with defaults filled in, references parsed and its flow loaded. */
export interface DeclaredSession extends Required<
  Omit<SharedSessionOptions, 'baseURL' | 'proxy' | 'contextOptions' | 'totp'>
> {
  readonly name: string;
  readonly type: 'credentials' | 'recorder' | 'runtime';
  readonly flow: AuthFlow<string> | undefined;
  /** Digest of all the flow's sources, so that an edited flow never uses an old state. */
  readonly flowDigest: string;
  /** Includes those of the mailbox, whose names begin with `mailboxPrefix`. */
  readonly values: ReadonlyMap<string, SecretReference>;
  readonly code: SecretReference | undefined;
  readonly baseURL: string | undefined;
  readonly proxy: SharedSessionOptions['proxy'];
  readonly contextOptions: NonNullable<SharedSessionOptions['contextOptions']>;
  readonly totp: NonNullable<SharedSessionOptions['totp']>;
  readonly exclusive: boolean;
  /** `undefined`: any number. */
  readonly maxConcurrentUses: number | undefined;
  readonly maxWaitSeconds: number;
  /** HTTP credentials and client certificates, whose references are among `values`. */
  readonly access?: DeclaredAccess | undefined;
  /** Set for an account of a pool, whose name is `pool[number]`. */
  readonly account: PoolAccount | undefined;
  readonly mailbox?: DeclaredMailbox | undefined;
  /** The vault connection of its references. [the suite's own vault] */
  readonly vault?: string | undefined;
}

/** An account of a pool: a separate session, with its own state, codes and rejections. */
export interface PoolAccount {
  readonly pool: string;
  /** From 1. */
  readonly number: number;
  /** How many the pool has. */
  readonly of: number;
}

/** The pools that these sessions are accounts of. */
export function poolsOf(
  sessions: Iterable<DeclaredSession>,
): readonly { readonly name: string; readonly accounts: number }[] {
  return [...sessions].flatMap(({ account }) =>
    account?.number === 1 ? { name: account.pool, accounts: account.of } : [],
  );
}

/** The names of pools, and of sessions with a limited number of uses. */
export function limitedNames(sessions: Iterable<DeclaredSession>): readonly string[] {
  const limited = [...sessions].filter(
    ({ account, maxConcurrentUses }) => account !== undefined || maxConcurrentUses !== undefined,
  );
  return [...new Set(limited.map(({ name, account }) => account?.pool ?? name))];
}

/** The session of one account of a pool. */
export function accountName(pool: string, number: number): string {
  return `${pool}[${number}]`;
}

/** The pool in the name of an account's session; the name itself for any other session. */
export function poolOrName(name: string): string {
  return /^(.+)\[\d+\]$/.exec(name)?.[1] ?? name;
}

export interface LoadedFlow {
  readonly flow: AuthFlow<string> | undefined;
  readonly digest: string;
}

export interface CompleteSessionOptions {
  readonly loaded: LoadedFlow;
  /** The environment, for variables in secret references. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly errors: AuthSessionsError[];
  readonly account?: PoolAccount | undefined;
}

/** Fills in a validated declaration. Adds every problem with its parameters to `errors`. */
export function completeSession(
  name: string,
  declaration: AuthSessionDeclaration,
  { loaded, variables, errors, account }: CompleteSessionOptions,
): DeclaredSession {
  const given =
    'parameters' in declaration && declaration.parameters
      ? parseParameters(name, declaration.parameters, { variables, errors })
      : [];
  const references = [...loginParameters(name, declaration, { given, loaded, variables, errors }), ...given];
  const uses: SessionUseOptions = declaration.type === 'runtime' ? {} : declaration;
  const exclusive = uses.exclusive ?? sessionDefaults.exclusive;
  const codes = references.filter(([, reference]) => reference.kind === 'totp');
  if (codes.length > 1)
    errors.push(
      tooManyCodes(
        name,
        codes.map(([parameter]) => parameter),
      ),
    );
  const values = new Map(references.filter(([, reference]) => reference.kind !== 'totp'));
  const mail = 'mailbox' in declaration ? declaration.mailbox : undefined;
  if (declaration.type === undefined || declaration.type === 'credentials')
    if (loaded.flow && errors.length === 0) errors.push(...missingParameters(name, loaded.flow, values));
  const { access, values: accessValues } = readAccess(name, accessIn(declaration), { variables, errors });
  const vault = 'vault' in declaration ? declaration.vault : undefined;
  const at = (reference: SecretReference) =>
    vault === undefined ? reference : { ...reference, connection: vault };
  const all = [...values, ...accessValues, ...mailValues(name, mail, { variables, errors })];
  return {
    name,
    type: declaration.type ?? 'credentials',
    flow: loaded.flow,
    flowDigest: loaded.digest,
    values: new Map(all.map(([parameter, reference]) => [parameter, at(reference)])),
    ...(access && { access }),
    code: codes[0] && at(codes[0][1]),
    baseURL: declaration.baseURL,
    ttlSeconds: declaration.ttlSeconds ?? sessionDefaults.ttlSeconds,
    minRemainingSeconds: declaration.minRemainingSeconds ?? sessionDefaults.minSessionSeconds,
    trustSeconds: declaration.trustSeconds ?? sessionDefaults.trustSeconds,
    checkAttempts: declaration.checkAttempts ?? sessionDefaults.checkAttempts,
    createAttempts: declaration.createAttempts ?? sessionDefaults.createAttempts,
    renew: declaration.renew ?? sessionDefaults.renew,
    writeBack: exclusive ? 'test' : (declaration.writeBack ?? sessionDefaults.writeBack),
    restore: declaration.restore ?? sessionDefaults.restore,
    proxy: declaration.proxy,
    contextOptions: declaration.contextOptions ?? {},
    totp: declaration.totp ?? {},
    exclusive,
    maxConcurrentUses: exclusive ? 1 : uses.maxConcurrentUses,
    maxWaitSeconds: uses.maxWaitSeconds ?? sessionDefaults.maxWaitSeconds,
    account,
    ...(vault !== undefined && { vault }),
    mailbox: mail && { options: mail, address: mailAddress(mail, variables) },
  };
}

/** The parameters of its login that no other replaces, and that its flow takes. */
function loginParameters(
  session: string,
  declaration: AuthSessionDeclaration,
  {
    given,
    loaded,
    variables,
    errors,
  }: CompleteSessionOptions & { readonly given: readonly (readonly [string, SecretReference])[] },
): [string, SecretReference][] {
  if (!('login' in declaration) || declaration.login === undefined) return [];
  const takes = (parameter: string) => loaded.flow?.parameters?.includes(parameter) ?? true;
  const isGiven = (parameter: string) => given.some(([name]) => name === parameter);
  const { login } = declaration;
  const parsed = parseDeclared({ session, at: 'login', errors }, () => parseLogin(login, variables));
  if (!parsed) return [];
  const { username, password, totp } = parsed;
  const hasCode = given.some(([, { kind }]) => kind === 'totp');
  const values = Object.entries({ username, password });
  return [
    ...values.filter(([parameter]) => takes(parameter) && !isGiven(parameter)),
    ...(hasCode ? [] : [['otp', totp] as [string, SecretReference]]),
  ];
}

function accessIn(declaration: AuthSessionDeclaration): SessionAccessOptions {
  return declaration.type === undefined || declaration.type === 'credentials' ? declaration : {};
}

/** Variables of an address that is not a reference, such as the account's number. */
function mailAddress(
  { address }: MailboxOptions,
  variables: CompleteSessionOptions['variables'],
): string | undefined {
  if (address === undefined || isReference(address)) return undefined;
  return address.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all);
}

function mailValues(
  session: string,
  mailbox: MailboxOptions | undefined,
  options: Pick<CompleteSessionOptions, 'variables' | 'errors'>,
): [string, SecretReference][] {
  const references = parseParameters(session, mailboxReferences(mailbox), options);
  for (const [name, reference] of references)
    if (refuseCode(reference, { session, at: `parameter "${name}"`, errors: options.errors })) break;
  return references;
}

function parseParameters(
  session: string,
  parameters: Readonly<Record<string, string>>,
  { variables, errors }: Pick<CompleteSessionOptions, 'variables' | 'errors'>,
): [string, SecretReference][] {
  return Object.entries(parameters).flatMap(([parameter, text]): [string, SecretReference][] => {
    const at = `parameter "${parameter}"`;
    const parsed = parseDeclared({ session, at, errors }, () => parseSecretReference(text, variables));
    return parsed ? [[parameter, parsed]] : [];
  });
}

/** Parameters that the flow requires and the session lacks, or that the flow does not know. */
function missingParameters(
  session: string,
  flow: AuthFlow<string>,
  values: ReadonlyMap<string, SecretReference>,
): AuthSessionsError[] {
  const wanted = flow.parameters ?? [];
  const missing = wanted.filter((parameter) => !values.has(parameter));
  const unknown = flow.parameters
    ? [...values.keys()].filter((parameter) => !wanted.includes(parameter))
    : [];
  return [
    ...missing.map((parameter) =>
      wrongParameter(
        session,
        `"${parameter}" is missing`,
        `The flow requires it. Add ${parameter}: "op://…" to the session.`,
      ),
    ),
    ...unknown.map((parameter) =>
      wrongParameter(
        session,
        `"${parameter}" is not a parameter of its flow`,
        formatSuggestion(parameter, wanted),
      ),
    ),
  ];
}

function wrongParameter(session: string, what: string, next: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    { failed: `Session "${session}": parameter ${what}.`, next },
    { session },
  );
}

function tooManyCodes(session: string, parameters: readonly string[]): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}" has ${parameters.length} one-time code parameters.`,
      known: `They are ${parameters.join(', ')}.`,
      next: 'Keep one reference with ?attribute=otp: a session is one account.',
    },
    { session },
  );
}
