import { parseLogin, parseSecretReference, type SecretReference } from '../../core/secret-reference.js';

export const ciSystems = ['linux', 'macos', 'windows'] as const;

export type CiSystem = (typeof ciSystems)[number];

/** Input for init: from questions, options or defaults. */
export interface InitAnswers {
  /** The names of the sessions. */
  readonly sessions: readonly string[];
  /** The vault of the references. */
  readonly vault: string;
  /** Whether the sign-in asks for a one-time code. */
  readonly code: boolean;
  /** The application's address, for a config that sets none. */
  readonly baseURL?: string | undefined;
  /** A path of the application. */
  readonly signInPath: string;
  /** How CI signs in to 1Password; `none` writes no workflow. */
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
  vault: 'automation',
  code: false,
  signInPath: '/sign-in',
  ci: 'token',
  shards: 2,
  systems: ['linux'],
  agents: false,
};

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
  if (answers.ci === 'workload')
    return Object.values(variablesFor(session, answers)).map((variable) =>
      parseSecretReference(`op-env://${environmentPlaceholder}/${variable}`),
    );
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
