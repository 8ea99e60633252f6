import { parseLogin, parseSecretReference, type SecretReference } from '../../core/secret-reference.js';
import type { ConnectionName } from '../../core/vault-connection.js';

export const ciSystems = ['linux', 'macos', 'windows'] as const;

export type CiSystem = (typeof ciSystems)[number];

/** Input for init: from questions, options or defaults. */
export interface InitAnswers {
  /** The names of the sessions. */
  readonly sessions: readonly string[];
  /** Where the values are: items of a vault, an Environment, or the local file alone, also on CI. */
  readonly source: 'vault' | 'environment' | 'local';
  /** The vault of the references. */
  readonly vault: string;
  /** The account of the 1Password app, for runs at a person's machine. */
  readonly desktopAccount?: string | undefined;
  /** The vault connections of sessions that have one. */
  readonly connections?: ReadonlyMap<string, string> | undefined;
  /** Whether the sign-in asks for a one-time code. */
  readonly code: boolean;
  /** The application's address, for a config that sets none. */
  readonly baseURL?: string | undefined;
  /** A path of the application. */
  readonly signInPath: string;
  /** The workflow to write, by how it signs in to 1Password. */
  readonly ci: 'token' | 'workload' | 'none';
  readonly shards: number;
  /** Where CI runs the tests. The first signs in. */
  readonly systems: readonly CiSystem[];
  /** Whether AI agents get a signed-in browser. */
  readonly agents: boolean;
  /** Sessions whose flows come from setup tests, instead of a first flow to adapt. */
  readonly moved?: readonly MovedSession[] | undefined;
}

/** A session that replaces a setup test. */
export interface MovedSession {
  readonly name: string;
  /** The name of its flow's file, without the extension. */
  readonly flow: string;
  readonly parameters: readonly string[];
}

export const defaultAnswers: InitAnswers = {
  sessions: ['admin'],
  source: 'vault',
  vault: 'automation',
  code: false,
  signInPath: '/sign-in',
  ci: usualCi('vault'),
  shards: 2,
  systems: ['linux'],
  agents: false,
};

/** How CI gets the credentials of a new project. The local file needs no workflow to sign in. */
export function usualCi(source: InitAnswers['source']): InitAnswers['ci'] {
  return ({ vault: 'token', environment: 'workload', local: 'none' } as const)[source];
}

/** The login of one session. The item has the session's name. */
export function loginFor(session: string, { vault }: InitAnswers): `op://${string}/${string}` {
  return `op://${vault}/${session}`;
}

/** Well-formed, to replace by hand; doctor looks for it. */
export const environmentPlaceholder = 'a'.repeat(26);

/** A session's name in the names of variables and local keys. Names that differ in punctuation may have the same. */
export function keyPart(session: string): string {
  return session
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/_$/, '');
}

/** The parameters of a session, the code included. */
export function parametersOf(session: string, { code, moved }: InitAnswers): readonly string[] {
  const own = moved?.find(({ name }) => name === session)?.parameters;
  return own ?? [...usualParameters, ...(code ? ['otp'] : [])];
}

/** Whether a login names all parameters of a session. */
export function isByLogin(session: string, answers: InitAnswers): boolean {
  return (
    usualParameters.every((name) => parametersOf(session, answers).includes(name)) &&
    !hasOthers(session, answers)
  );
}

function hasOthers(session: string, answers: InitAnswers): boolean {
  return parametersOf(session, answers).some((name) => ![...usualParameters, 'otp'].includes(name));
}

/** The connection that a session's credentials are read from. */
export function connectionOf(session: string, { connections }: InitAnswers): ConnectionName {
  return connections?.get(session);
}

/** The connections of all sessions, each once. */
export function connectionsOf(answers: InitAnswers): readonly ConnectionName[] {
  return [...new Set(answers.sessions.map((session) => connectionOf(session, answers)))];
}

/** Whether a session's values are variables of the Environment: connections have items. */
export function isInEnvironment(session: string, answers: InitAnswers): boolean {
  return answers.source === 'environment' && connectionOf(session, answers) === undefined;
}

/** The variables of one session by parameter: a job's identity reads Environments, and no logins. */
export function variablesFor(session: string, answers: InitAnswers): Readonly<Record<string, string>> {
  const variable = (name: string) => name.replaceAll(/([A-Z])/g, '_$1').toUpperCase();
  return Object.fromEntries(
    parametersOf(session, answers).map((name) => [
      name,
      `${keyPart(session)}_${name === 'otp' ? 'OTP?attribute=otp' : variable(name)}`,
    ]),
  );
}

/** The references of a session. @throws AuthSessionsError `ERR_REFERENCE_INVALID` */
export function referencesFor(session: string, answers: InitAnswers): readonly SecretReference[] {
  const connection = connectionOf(session, answers);
  const references = isInEnvironment(session, answers)
    ? Object.values(variablesFor(session, answers)).map((variable) =>
        parseSecretReference(`op-env://${environmentPlaceholder}/${variable}`),
      )
    : itemReferences(session, answers);
  return connection === undefined ? references : references.map((one) => ({ ...one, connection }));
}

function itemReferences(session: string, answers: InitAnswers): readonly SecretReference[] {
  const login = loginFor(session, answers);
  // Further parameters must be able to name the vault too.
  parseSecretReference(`${login}/username`);
  const { totp } = parseLogin(login);
  return parametersOf(session, answers).map((name) =>
    name === 'otp' ? totp : parseSecretReference(`${login}/${name}`),
  );
}

/** The parameters of a flow that declares none. */
export const usualParameters: readonly string[] = ['username', 'password'];
