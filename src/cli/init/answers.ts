import { parseLogin, parseSecretReference, type SecretReference } from '../../core/secret-reference.js';

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
  /** Whether AI agents get a signed-in browser. */
  readonly agents: boolean;
}

export const defaultAnswers: InitAnswers = {
  sessions: ['admin'],
  vault: 'automation',
  code: false,
  signInPath: '/sign-in',
  ci: 'token',
  shards: 2,
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

/** The variables of one session by parameter: a job's identity reads Environments, and no logins. */
export function variablesFor(session: string, { code }: InitAnswers): Readonly<Record<string, string>> {
  const prefix = keyPart(session);
  return {
    username: `${prefix}_USERNAME`,
    password: `${prefix}_PASSWORD`,
    ...(code && { otp: `${prefix}_OTP?attribute=otp` }),
  };
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
  const { username, password, totp } = parseLogin(login);
  return [username, password, ...(answers.code ? [totp] : [])];
}
