/** The third argument of `withAuthSessions`. Each default is in brackets. */
export interface WithAuthSessionsOptions {
  /**
   * Whether each test must choose: a session, or `authSession: null` to start signed out. A test that chooses neither
   * fails the run before any test starts. [false]
   */
  readonly requireAuthSession?: boolean;
  /** Secrets that belong to no session: a run redacts them and searches for them like a session's values. */
  readonly redact?: {
    /**
     * Environment variables that hold a secret, each by its name or with `required`. A variable that is not set is
     * skipped; `required` stops the run instead. [none]
     */
    readonly environment?: readonly (string | SecretVariable)[];
    /**
     * Other secrets, or a function that returns them. Runner and workers call it once each time they load the config;
     * it is not async. [none]
     */
    readonly values?: SecretValues | (() => SecretValues);
  };
}

/**
 * Secrets that belong to no session.
 *
 * @example
 * withAuthSessions('./auth-flows/auth-sessions.ts', { use: { … } }, {
 *   redact: { environment: ['SHOP_API_KEY'], values: () => [readFileSync('.token', 'utf8')] },
 * })
 */
export type RedactOptions = NonNullable<WithAuthSessionsOptions['redact']>;

export interface SecretVariable {
  /** Reports show it: `[redacted:SHOP_API_KEY]`. */
  readonly name: string;
  /** Whether a run without it stops. [false] */
  readonly required?: boolean;
}

/** A text alone is labelled by its place: `[redacted:redact.values 1]`. */
export type SecretValues = readonly (string | NamedSecret)[];

export interface NamedSecret {
  /** Reports show it in place of the value. */
  readonly name: string;
  readonly value: string;
}
