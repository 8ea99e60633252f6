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
}

export const defaultAnswers: InitAnswers = {
  sessions: ['admin'],
  vault: 'automation',
  code: false,
  signInPath: '/sign-in',
  ci: 'token',
  shards: 2,
};

/** The references of one session, by parameter. The item has the session's name. */
export function referencesFor(
  session: string,
  { vault, code }: InitAnswers,
): Readonly<Record<string, string>> {
  const item = `op://${vault}/${session}`;
  return {
    username: `${item}/username`,
    password: `${item}/password`,
    ...(code && { otp: `${item}/one-time password?attribute=otp` }),
  };
}
