import type { BrowserContextOptions } from '@playwright/test';
import type { DefinedAuthFlow } from './auth-flow.js';
import type { SecretReferenceText } from './secret-reference.js';

/** A flow's file, relative to the sessions file; or the flow itself, which has its parameters checked by the compiler. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a flow of any parameters: their names are its own
export type FlowSource = string | DefinedAuthFlow<any>;

/** The parameter names that a session of a flow has to give. */
export type ParameterNames<Flow> = Flow extends DefinedAuthFlow<infer Name> ? Name : string;

/** The reference that gives codes: any parameter with `?attribute=otp`. By habit it is named `otp`. */
export type CodeReferenceText = `op://${string}?attribute=${'otp' | 'totp'}`;

export type SessionParameters<Flow> = Flow extends string
  ? Readonly<Record<string, SecretReferenceText>>
  : Readonly<Record<ParameterNames<Flow>, SecretReferenceText>> & { readonly otp?: CodeReferenceText };

/** Context options that a sign-in, its checks and every test of the session share. */
export type SessionContextOptions = Omit<
  BrowserContextOptions,
  'storageState' | 'proxy' | 'baseURL' | 'recordHar' | 'recordVideo' | 'logger' | 'videosPath' | 'videoSize'
>;

/** What every session can say, whatever its type. Each default is in brackets. */
export interface SharedSessionOptions {
  /** Where the session signs in and is used. [the project's `use.baseURL`] */
  readonly baseURL?: string;
  /** A state older than this is not used. [43200: 12 hours] */
  readonly ttlSeconds?: number;
  /** A check is skipped if one passed this recently in this run; a run's first use is always checked. [300] */
  readonly trustSeconds?: number;
  /** How often a check is tried before its no counts. [3] */
  readonly checkAttempts?: number;
  /** How often a sign-in is tried; never again after a rejection of the credentials. [2] */
  readonly createAttempts?: number;
  /** Whether a dead session is signed in again; without, it is an error. [true] */
  readonly renew?: boolean;
  /** What else is written back into the stored state: what a check changed, what tests' contexts left too, or nothing. ['check'] */
  readonly writeBack?: 'check' | 'test' | false;
  /** Pinned: the sign-in, the check and every test context of the session use it. */
  readonly proxy?: NonNullable<BrowserContextOptions['proxy']>;
  /** Locale, user agent, `ignoreHTTPSErrors` …: the same in sign-in and tests. */
  readonly contextOptions?: SessionContextOptions;
  /** What 1Password does not tell of its codes. [30 s; as many digits as the vault gives] */
  readonly totp?: { readonly periodSeconds?: number; readonly digits?: number };
}

/** Signs in with parameters from the vault. */
export interface CredentialsSession<Flow extends FlowSource = FlowSource> extends SharedSessionOptions {
  readonly type?: 'credentials';
  readonly flow: Flow;
  readonly parameters: SessionParameters<Flow>;
}

/** Was signed in by a person, by hand; the flow, if any, only checks. */
export interface RecorderSession<Flow extends FlowSource = FlowSource> extends SharedSessionOptions {
  readonly type: 'recorder';
  readonly flow?: Flow;
}

/** Takes its parameters at run time, from the test that asks, and keeps neither them nor its state. */
export interface RuntimeSession<Flow extends FlowSource = FlowSource> extends SharedSessionOptions {
  readonly type: 'runtime';
  readonly flow: Flow;
}

export type AuthSessionDeclaration<Flow extends FlowSource = FlowSource> =
  CredentialsSession<Flow> | RecorderSession<Flow> | RuntimeSession<Flow>;

/** Where credentials come from, and what to do without them. */
export interface EnvironmentOptions {
  /** `auto`: deployed when a vault credential is present, else local. [auto] */
  readonly environment?: 'auto' | 'deployed' | 'local';
  /** On CI without a vault credential: stop, use the local credentials, or skip the tests that need one. ['error'] */
  readonly whenMissing?: 'error' | 'local' | 'skip';
}

/** How 1Password is asked. */
export interface OnePasswordOptions {
  /** Who asks, where no service account token is set. */
  readonly auth?: OnePasswordAuthOptions;
  /** What 1Password's usage report lists the requests under: at most 40 characters. ['playwright-auth-sessions'] */
  readonly integrationName?: string;
  /** At most 20 characters. [the version of this package] */
  readonly integrationVersion?: string;
  /** A run that would make more requests than this fails, before it uses up what a whole account shares. [500] */
  readonly maxVaultRequests?: number;
  /** How long one call may take, its retries included. [15] */
  readonly deadlineSeconds?: number;
  /** A value that was read longer ago is forgotten, and read again when it is needed. [as long as the run] */
  readonly maxAgeSeconds?: number;
}

export interface OnePasswordAuthOptions {
  /** At a desk: the name or ID of the account whose 1Password app is asked. Not used on CI. */
  readonly desktopAccount?: string;
  /** In GitHub Actions: the workload that the job's OIDC token proves; OP_INTEGRATION_KEY has its integration key. */
  readonly workloadIdentity?: { readonly workloadUuid: string };
}

export interface ProjectOptions extends EnvironmentOptions {
  readonly onePassword?: OnePasswordOptions;
  /** A vault credential that can do more than read what the sessions name is an error, not a warning. [false] */
  readonly strictLeastPrivilege?: boolean;
  readonly leaks?: {
    /** What becomes of an artifact in which the leak check finds a secret. [quarantine] */
    readonly onLeak?: 'quarantine' | 'delete';
    /** Searched besides the output of Playwright and of its reporters; relative to the Playwright config. [none] */
    readonly folders?: readonly string[];
    /** What is not searched by then fails the run. [600] */
    readonly maxSeconds?: number;
  };
  /** dotenv files, relative to the Playwright config; a later one wins. ['.env.auth-sessions'] */
  readonly local?: { readonly files?: readonly string[] };
  /** Where sealed sessions are kept: in files, or in Redis where many machines share them. */
  readonly store?: StoreOptions;
  /** A code is handed out only with at least this long to live. [5] */
  readonly codes?: { readonly minRemainingSeconds?: number };
}

export interface StoreOptions {
  /** Of the file store, and of what is kept in files beside Redis; relative to the Playwright config. ['.auth-sessions'] */
  readonly folder?: string;
  /** A Redis without a password. AUTH_SESSIONS_STORE_URL overrides it, and may have a password. [files] */
  readonly url?: `redis://${string}` | `rediss://${string}` | `unix://${string}`;
  /** A PEM file with the private authority that signed the server's certificate; relative to the Playwright config. */
  readonly caFile?: string;
  /** The hosts of the URL are Sentinels; the name of what they watch. */
  readonly sentinel?: string;
  /** The hosts of the URL are nodes of a Cluster. [false] */
  readonly cluster?: boolean;
  /** Keeps projects on one Redis apart. [the name in package.json] */
  readonly prefix?: string;
  /** When Redis does not answer at the start of a run: stop, or use files. ['error'] */
  readonly whenStoreUnavailable?: 'error' | 'local';
}

/** Who there is: what `auth-sessions.ts` exports. */
export interface AuthSessions<
  Flows extends Readonly<Record<string, FlowSource>> = Readonly<Record<string, FlowSource>>,
> extends ProjectOptions {
  readonly sessions: { readonly [Name in keyof Flows]: AuthSessionDeclaration<Flows[Name]> };
}

/**
 * Declares the signed-in identities of a suite: references, never values.
 *
 * @example
 * export default defineAuthSessions({
 *   sessions: { admin: { flow: consultations, parameters: { username: 'op://automation/admin/username', … } } },
 * });
 */
export function defineAuthSessions<const Flows extends Readonly<Record<string, FlowSource>>>(
  declaration: AuthSessions<Flows>,
): AuthSessions<Flows> {
  return declaration;
}

/** How the artifacts of a run are searched, with every default in its place. */
export interface LeakOptions {
  readonly onLeak: 'quarantine' | 'delete';
  readonly folders: readonly string[];
  readonly maxSeconds: number;
  /** Relative to the Playwright config. */
  readonly quarantineFolder: string;
}

/** The defaults that `SharedSessionOptions` and `ProjectOptions` name. */
export const sessionDefaults = {
  environment: 'auto',
  whenMissing: 'error',
  ttlSeconds: 43_200,
  trustSeconds: 300,
  checkAttempts: 3,
  createAttempts: 2,
  renew: true,
  writeBack: 'check',
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
