import type { DefinedAuthFlow } from './auth-flow.js';
import type { DefinedVault } from './defined-vault.js';
import type { MailboxOptions } from './mailbox.js';
import type { LoginReferenceText, SecretReferenceText } from './secret-reference.js';
import type { SessionAccessOptions, SessionUseOptions, SharedSessionOptions } from './session-options.js';
import type { OnePasswordConnection, SuiteOptions } from './suite-options.js';

/** A flow's file, relative to the sessions file; or the flow itself, so that the compiler checks its parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- a flow of any parameters: their names are its own
export type FlowSource = string | DefinedAuthFlow<any>;

/** The parameter names that a session of a flow must have. */
export type ParameterNames<Flow> = Flow extends DefinedAuthFlow<infer Name> ? Name : string;

/** A reference to a code: any parameter with `?attribute=otp`, usually named `otp`. */
export type CodeReferenceText = `${'op' | 'op-env'}://${string}?attribute=${'otp' | 'totp'}`;

export type SessionParameters<Flow> = Flow extends string
  ? Readonly<Record<string, SecretReferenceText>>
  : Readonly<Record<ParameterNames<Flow>, SecretReferenceText>> & { readonly otp?: CodeReferenceText };

/** Has no flow: its HTTP credentials or client certificates suffice. */
export interface AccessSession extends SharedSessionOptions, SessionUseOptions, SessionAccessOptions {
  readonly type?: 'credentials';
  readonly flow?: undefined;
  readonly parameters?: undefined;
  readonly login?: undefined;
  readonly accounts?: undefined;
  /** As for other sessions with references. */
  readonly vault?: string;
}

/** Signs in with parameters from the vault. */
export interface CredentialsSession<Flow = FlowSource>
  extends SharedSessionOptions, SessionUseOptions, SessionAccessOptions {
  readonly type?: 'credentials';
  readonly flow: Flow;
  readonly parameters: SessionParameters<Flow>;
  readonly login?: undefined;
  /**
   * A pool: a worker leases one of the accounts for as long as it lives. A number of accounts replaces `${account}` in
   * the references by 1, 2 …; a list has the parameters of each account. [one account]
   */
  readonly accounts?: number;
  /** Where the account's mail arrives, for codes and links: IMAP, or an adapter. [none] */
  readonly mailbox?: MailboxOptions;
  /** The connection of `vaults` that reads this session's references. [the suite's own vault] */
  readonly vault?: string;
}

/** Signs in with a Login item. */
export type LoginSession<Flow = FlowSource> = Omit<CredentialsSession<Flow>, 'parameters' | 'login'> & {
  /**
   * A Login item: its username, password and one-time password are the parameters `username` and `password` and the
   * code of `totp()`, wherever the item has them. Two requests for all logins of a vault. [parameters]
   */
  readonly login: LoginReferenceText;
} & LoginParameters<Flow>;

/** What a login does not give. A parameter of the same name replaces its value. */
export type LoginParameters<Flow> = [Exclude<ParameterNames<Flow>, LoginParameterName>] extends [never]
  ? { readonly parameters?: Partial<SessionParameters<Flow>> }
  : Flow extends string
    ? { readonly parameters?: SessionParameters<Flow> }
    : {
        readonly parameters: Omit<SessionParameters<Flow>, LoginParameterName> &
          Partial<SessionParameters<Flow>>;
      };

type LoginParameterName = 'username' | 'password';

/** A pool of accounts with their own parameters. */
export interface PooledSession<Flow = FlowSource> extends Omit<
  CredentialsSession<Flow>,
  'parameters' | 'accounts' | 'login'
> {
  readonly login?: undefined;
  readonly parameters?: undefined;
  readonly accounts: readonly SessionParameters<Flow>[];
}

/** A person signs in by hand; the flow, if any, only checks. */
export interface RecorderSession<Flow = FlowSource> extends SharedSessionOptions, SessionUseOptions {
  readonly type: 'recorder';
  readonly flow?: Flow;
  readonly vault?: undefined;
}

/** Gets its parameters from the test at run time. Neither they nor the state are stored. */
export interface RuntimeSession<Flow = FlowSource> extends SharedSessionOptions {
  readonly type: 'runtime';
  readonly flow: Flow;
  readonly vault?: undefined;
}

export type AuthSessionDeclaration<Flow = FlowSource> =
  | CredentialsSession<Flow>
  | LoginSession<Flow>
  | PooledSession<Flow>
  | RecorderSession<Flow>
  | RuntimeSession<Flow>
  | AccessSession;

/** The sessions that `auth-sessions.ts` exports. `Flows` has `unknown` for a session without a flow. */
export interface AuthSessions<
  Flows extends Readonly<Record<string, unknown>> = Readonly<Record<string, FlowSource>>,
  VaultName extends string = string,
> extends SuiteOptions {
  readonly vaults?: Readonly<Record<VaultName, OnePasswordConnection | DefinedVault>>;
  readonly sessions: {
    readonly [Name in keyof Flows]: AuthSessionDeclaration<Flows[Name]> & {
      readonly vault?: NoInfer<VaultName>;
    } & (Flows[Name] extends FlowSource ? unknown : { readonly flow?: FlowSource });
  };
}

/**
 * Declares the sessions of a suite, by secret reference.
 *
 * @example
 * export default defineAuthSessions({
 *   sessions: { admin: { flow: consultations, login: 'op://automation/admin' } },
 * });
 */
export function defineAuthSessions<
  const Flows extends Readonly<Record<string, unknown>>,
  const VaultName extends string = never,
>(declaration: AuthSessions<Flows, VaultName>): AuthSessions<Flows, VaultName> {
  return declaration;
}
