import { parseLogin, parseSecretReference, type SecretReference } from '../../core/secret-reference.js';

/** Input for init: from questions, options or defaults. */
export interface InitAnswers {
  /** The names of the sessions. */
  readonly sessions: readonly string[];
  /** The vault of the references. */
  readonly vault: string;
  /** Whether the sign-in asks for a one-time code. */
  readonly code: boolean;
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

/** The references that its login stands for. @throws AuthSessionsError `ERR_REFERENCE_INVALID` */
export function referencesFor(session: string, answers: InitAnswers): readonly SecretReference[] {
  const login = loginFor(session, answers);
  // Further parameters must be able to name the vault too.
  parseSecretReference(`${login}/username`);
  const { username, password, totp } = parseLogin(login);
  return [username, password, ...(answers.code ? [totp] : [])];
}
