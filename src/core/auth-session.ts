import type { BrowserContextOptions } from '@playwright/test';
import type { DefinedAuthFlow } from './auth-flow.js';
import type { MailboxOptions } from './mailbox.js';
import type { LoginReferenceText, SecretReferenceText } from './secret-reference.js';

/** A flow's file, relative to the sessions file; or the flow itself, so that the compiler checks its parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- a flow of any parameters: their names are its own
export type FlowSource = string | DefinedAuthFlow<any>;

/** The parameter names that a session of a flow must have. */
export type ParameterNames<Flow> = Flow extends DefinedAuthFlow<infer Name> ? Name : string;

/** A reference to a code: any parameter with `?attribute=otp`, usually named `otp`. */
export type CodeReferenceText = `op://${string}?attribute=${'otp' | 'totp'}`;

export type SessionParameters<Flow> = Flow extends string
  ? Readonly<Record<string, SecretReferenceText>>
  : Readonly<Record<ParameterNames<Flow>, SecretReferenceText>> & { readonly otp?: CodeReferenceText };

/** Context options shared by a session's sign-in, checks and tests. */
export type SessionContextOptions = Omit<
  BrowserContextOptions,
  'storageState' | 'proxy' | 'baseURL' | 'recordHar' | 'recordVideo' | 'logger' | 'videosPath' | 'videoSize'
>;

/** Options of every session type. Defaults are in brackets. */
export interface SharedSessionOptions {
  /** Where the session signs in and is used. [the project's `use.baseURL`] */
  readonly baseURL?: string;
  /** A state older than this is not used. [43200: 12 hours] */
  readonly ttlSeconds?: number;
  /**
   * A state that ends sooner is renewed before a test gets it: by its `ttlSeconds`, a cookie, or a token in web storage
   * without a refresh token. At least the time of the longest test. 0 turns this off. [60]
   */
  readonly minRemainingSeconds?: number;
  /** A check is skipped if one passed this recently in this run. A run's first use is always checked. [300] */
  readonly trustSeconds?: number;
  /** How often a check is tried before its result is `false`. [3] */
  readonly checkAttempts?: number;
  /** How often a sign-in is tried. Rejected credentials are never tried again. [2] */
  readonly createAttempts?: number;
  /** Whether a signed-out session is signed in again. If `false`, it is an error. [true] */
  readonly renew?: boolean;
  /** Which changes are written back into the stored state: those of a check, those of tests too, or none. ['check'] */
  readonly writeBack?: 'check' | 'test' | false;
  /**
   * When the localStorage of a test's context is restored: of each origin when a page first visits it, or of all before
   * the first page. ['lazy']
   */
  readonly restore?: 'lazy' | 'eager';
  /** The proxy of the sign-in, the check and every test context of the session. */
  readonly proxy?: NonNullable<BrowserContextOptions['proxy']>;
  /** Locale, user agent, `ignoreHTTPSErrors` …, for sign-in and tests. */
  readonly contextOptions?: SessionContextOptions;
  /** Properties of codes that 1Password does not report. [30 s; as many digits as the vault returns] */
  readonly totp?: { readonly periodSeconds?: number; readonly digits?: number };
}

/** Who may use a session at the same time, over all workers, projects, runs and machines that share the store. */
export interface SessionUseOptions {
  /**
   * Whether one test at a time uses the session. Its state is written back after each test, before the next test gets
   * it. [false]
   */
  readonly exclusive?: boolean;
  /** How many tests use the session at the same time. [any number] */
  readonly maxConcurrentUses?: number;
  /** How long a test waits for an account or a session that others use. [3600] */
  readonly maxWaitSeconds?: number;
}

/** What a session's contexts prove who they are with on each request or connection. The values come from the vault. */
export interface SessionAccessOptions {
  /**
   * HTTP Basic, for the sign-in, the check and every test. Each origin gets its own account; `origin` is that of the base
   * URL if it is left out. Several need Playwright 1.63. [none]
   */
  readonly httpCredentials?: HttpCredentialsReferences | readonly HttpCredentialsReferences[];
  /** Client certificates, in PEM or as PKCS #12 archives, for the same. [none] */
  readonly clientCertificates?: readonly ClientCertificateReferences[];
}

export interface HttpCredentialsReferences {
  readonly username: SecretReferenceText;
  readonly password: SecretReferenceText;
  /** [the origin of the session's base URL] */
  readonly origin?: string;
  /** As in Playwright, for `request`. ['unauthorized'] */
  readonly send?: 'always' | 'unauthorized';
}

/** Fields in PEM, or files attached to an item. */
export type ClientCertificateReferences = (
  | { readonly cert: SecretReferenceText; readonly key: SecretReferenceText; readonly pfx?: undefined }
  /** A file of type PKCS #12, with the certificate and its key. */
  | { readonly pfx: SecretReferenceText; readonly cert?: undefined; readonly key?: undefined }
) & {
  readonly passphrase?: SecretReferenceText;
  /** [the origin of the session's base URL] */
  readonly origin?: string;
};

/** Has no flow: its HTTP credentials or client certificates suffice. */
export interface AccessSession extends SharedSessionOptions, SessionUseOptions, SessionAccessOptions {
  readonly type?: 'credentials';
  readonly flow?: undefined;
  readonly parameters?: undefined;
  readonly login?: undefined;
  readonly accounts?: undefined;
}

/** Signs in with parameters from the vault. */
export interface CredentialsSession<Flow extends FlowSource = FlowSource>
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
}

/** Signs in with a Login item. */
export type LoginSession<Flow extends FlowSource = FlowSource> = Omit<
  CredentialsSession<Flow>,
  'parameters' | 'login'
> & {
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
export interface PooledSession<Flow extends FlowSource = FlowSource> extends Omit<
  CredentialsSession<Flow>,
  'parameters' | 'accounts' | 'login'
> {
  readonly login?: undefined;
  readonly parameters?: undefined;
  readonly accounts: readonly SessionParameters<Flow>[];
}

/** A person signs in by hand; the flow, if any, only checks. */
export interface RecorderSession<Flow extends FlowSource = FlowSource>
  extends SharedSessionOptions, SessionUseOptions {
  readonly type: 'recorder';
  readonly flow?: Flow;
}

/** Gets its parameters from the test at run time. Neither they nor the state are stored. */
export interface RuntimeSession<Flow extends FlowSource = FlowSource> extends SharedSessionOptions {
  readonly type: 'runtime';
  readonly flow: Flow;
}

export type AuthSessionDeclaration<Flow extends FlowSource = FlowSource> =
  | CredentialsSession<Flow>
  | LoginSession<Flow>
  | PooledSession<Flow>
  | RecorderSession<Flow>
  | RuntimeSession<Flow>
  | AccessSession;

/** Where credentials come from, and what to do without them. */
export interface EnvironmentOptions {
  /** `auto`: deployed if a vault credential is set, else local. [auto] */
  readonly environment?: 'auto' | 'deployed' | 'local';
  /** On CI without a vault credential: stop, use local credentials, or skip the tests that need one. ['error'] */
  readonly whenMissing?: 'error' | 'local' | 'skip';
}

/** How to access 1Password. */
export interface OnePasswordOptions {
  /** How to authenticate if no service account token is set. */
  readonly auth?: OnePasswordAuthOptions;
  /** Name of these requests in 1Password's usage report: at most 40 characters. ['playwright-auth-sessions'] */
  readonly integrationName?: string;
  /** At most 20 characters. [the version of this package] */
  readonly integrationVersion?: string;
  /** A run fails if it needs more requests than this, because a whole account shares one rate limit. [500] */
  readonly maxVaultRequests?: number;
  /** Time limit of one call, including retries. [15] */
  readonly deadlineSeconds?: number;
  /** Older values are forgotten, and read again when needed. [never within a run] */
  readonly maxAgeSeconds?: number;
}

export interface OnePasswordAuthOptions {
  /** On a developer's machine: name or ID of the account in the 1Password app. Not used on CI. */
  readonly desktopAccount?: string;
  /** On GitHub Actions: the workload that the job's OIDC token proves. OP_INTEGRATION_KEY has its integration key. */
  readonly workloadIdentity?: { readonly workloadUuid: string };
}

export interface SuiteOptions extends EnvironmentOptions {
  readonly onePassword?: OnePasswordOptions;
  /**
   * Whether a vault credential with more than read access to the sessions' references is an error instead of a warning.
   * [false]
   */
  readonly strictLeastPrivilege?: boolean;
  readonly leaks?: {
    /** What happens to an artifact in which the leak check finds a secret. [quarantine] */
    readonly onLeak?: 'quarantine' | 'delete';
    /**
     * Folders to search besides the output of Playwright and its reporters, relative to the Playwright config. [none]
     */
    readonly folders?: readonly string[];
    /** Time limit of the search. If it is reached, the run fails. [600] */
    readonly maxSeconds?: number;
  };
  /** Dotenv files, relative to the Playwright config; later ones override earlier ones. ['.env.auth-sessions'] */
  readonly local?: { readonly files?: readonly string[] };
  /** The store of sealed sessions: files, or a Redis that several machines share. */
  readonly store?: StoreOptions;
  /** A code is used only if it is valid for at least this long. [5] */
  readonly codes?: { readonly minRemainingSeconds?: number };
}

export interface StoreOptions {
  /** Folder of the sealed sessions, relative to the Playwright config. ['.auth-sessions'] */
  readonly folder?: string;
  /** URL of a Redis without a password. AUTH_SESSIONS_STORE_URL overrides it and can contain one. [files] */
  readonly url?: `redis://${string}` | `rediss://${string}` | `unix://${string}`;
  /**
   * Makes the client of Redis, with `createClient`, `createCluster` or `createSentinel` of `@redis/client` or `redis`.
   * Called in the broker and in commands for each connection, never in workers. `url` is AUTH_SESSIONS_STORE_URL. The
   * store connects and closes what it returns.
   */
  readonly client?: (given: { readonly url: string | undefined }) => StoreClient | Promise<StoreClient>;
  /** A PEM file with the private authority that signed the server's certificate; relative to the Playwright config. */
  readonly caFile?: string;
  /** Name of the main server that Sentinels watch. The hosts of the URL are Sentinels. */
  readonly sentinel?: string;
  /** Whether the hosts of the URL are nodes of a Cluster. [false] */
  readonly cluster?: boolean;
  /** Keeps projects on one Redis apart. [the name in package.json] */
  readonly prefix?: string;
  /** When Redis does not answer at the start of a run: stop, or use files. ['error'] */
  readonly whenStoreUnavailable?: 'error' | 'local';
}

/** What the store uses of a client of Redis. */
export interface StoreClient {
  readonly isOpen?: boolean;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** The sessions that `auth-sessions.ts` exports. */
export interface AuthSessions<
  Flows extends Readonly<Record<string, FlowSource>> = Readonly<Record<string, FlowSource>>,
> extends SuiteOptions {
  readonly sessions: { readonly [Name in keyof Flows]: AuthSessionDeclaration<Flows[Name]> };
}

/**
 * Declares the sessions of a suite, by secret reference.
 *
 * @example
 * export default defineAuthSessions({
 *   sessions: { admin: { flow: consultations, login: 'op://automation/admin' } },
 * });
 */
export function defineAuthSessions<const Flows extends Readonly<Record<string, FlowSource>>>(
  declaration: AuthSessions<Flows>,
): AuthSessions<Flows> {
  return declaration;
}

/** How the artifacts of a run are searched, with all defaults filled in. */
export interface LeakOptions {
  readonly onLeak: 'quarantine' | 'delete';
  readonly folders: readonly string[];
  readonly maxSeconds: number;
  /** Folder for leaking files, relative to the Playwright config. */
  readonly quarantineFolder: string;
}

/** The defaults documented in `SharedSessionOptions` and `SuiteOptions`. */
export const sessionDefaults = {
  environment: 'auto',
  whenMissing: 'error',
  ttlSeconds: 43_200,
  minSessionSeconds: 60,
  trustSeconds: 300,
  checkAttempts: 3,
  createAttempts: 2,
  renew: true,
  writeBack: 'check',
  restore: 'lazy',
  exclusive: false,
  maxWaitSeconds: 3600,
  timeoutSeconds: 60,
  minRemainingSeconds: 5,
  periodSeconds: 30,
  localFiles: ['.env.auth-sessions'],
  storeFolder: '.auth-sessions',
  onLeak: 'quarantine',
  maxSeconds: 600,
  integrationName: 'playwright-auth-sessions',
  maxVaultRequests: 500,
  deadlineSeconds: 15,
} as const;
