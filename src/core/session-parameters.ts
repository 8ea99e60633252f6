import type { AuthFlow } from './auth-flow.js';
import type { AuthSessionDeclaration } from './auth-session.js';
import { AuthSessionsError } from './errors.js';
import { isReference, mailboxReferences, type MailboxOptions } from './mailbox.js';
import { parseDeclared, refuseCode } from './parse-declared-reference.js';
import { parseLogin, parseSecretReference, type SecretReference } from './secret-reference.js';
import { formatSuggestion } from './suggest-name.js';

/** A flow, and the digest of all its sources. */
export interface LoadedFlow {
  readonly flow: AuthFlow<string> | undefined;
  readonly digest: string;
}

export interface ParameterOptions {
  /** The environment, for variables in secret references. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly errors: AuthSessionsError[];
}

export interface LoginParametersOptions extends ParameterOptions {
  readonly loaded: LoadedFlow;
  /** What the declaration names beside its login. */
  readonly given: readonly (readonly [string, SecretReference])[];
}

/** The parameters of its login that no other replaces, and that its flow takes. */
export function loginParameters(
  session: string,
  declaration: AuthSessionDeclaration,
  { given, loaded, variables, errors }: LoginParametersOptions,
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

/** Variables of an address that is not a reference, such as the account's number. */
export function mailAddress(
  { address }: MailboxOptions,
  variables: ParameterOptions['variables'],
): string | undefined {
  if (address === undefined || isReference(address)) return undefined;
  return address.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all);
}

/** The references of a mailbox, which a one-time code is never one of. */
export function mailValues(
  session: string,
  mailbox: MailboxOptions | undefined,
  options: ParameterOptions,
): [string, SecretReference][] {
  const references = parseParameters(session, mailboxReferences(mailbox), options);
  for (const [name, reference] of references)
    if (refuseCode(reference, { session, at: `parameter "${name}"`, errors: options.errors })) break;
  return references;
}

/** A reference for each parameter that names one. Adds the others to `errors`. */
export function parseParameters(
  session: string,
  parameters: Readonly<Record<string, string>>,
  { variables, errors }: ParameterOptions,
): [string, SecretReference][] {
  return Object.entries(parameters).flatMap(([parameter, text]): [string, SecretReference][] => {
    const at = `parameter "${parameter}"`;
    const parsed = parseDeclared({ session, at, errors }, () => parseSecretReference(text, variables));
    return parsed ? [[parameter, parsed]] : [];
  });
}

/** Parameters that the flow requires and the session lacks, or that the flow does not know. */
export function missingParameters(
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

/** A session is one account, so it has one code at a time. */
export function tooManyCodes(session: string, parameters: readonly string[]): AuthSessionsError {
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
