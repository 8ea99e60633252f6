import type { SessionNotice } from './session-notice.js';
import type { DefinedVault } from './defined-vault.js';
import type { StoreOptions } from './store-options.js';

/**
 * Another 1Password connection, with its own token in `OP_SERVICE_ACCOUNT_TOKEN_NAME`, or in the file that
 * `OP_SERVICE_ACCOUNT_TOKEN_NAME_FILE` names. It has its own sign-in and its own limit of requests.
 */
export interface OnePasswordConnection extends Omit<OnePasswordOptions, 'auth'> {
  /** How to authenticate if its token is not set. */
  readonly auth?: Pick<OnePasswordAuthOptions, 'desktopAccount'>;
}

export interface SuiteOptions extends EnvironmentOptions {
  /**
   * Called in the broker when a session is created, renewed, failed or refused, and while a test waits for an account:
   * for a chat message or a metric. It can neither delay nor fail a sign-in; the run's end waits two seconds for it.
   */
  readonly onEvent?: (event: SessionNotice) => unknown;
  readonly onePassword?: OnePasswordOptions;
  /** A vault other than 1Password, from `defineVault`. [1Password] */
  readonly vault?: DefinedVault;
  /** More vault connections, by the name that sessions use: each with its own credential. [none] */
  readonly vaults?: Readonly<Record<string, OnePasswordConnection | DefinedVault>>;
  /**
   * Whether a vault credential with more than read access to the sessions' references is an error instead of a warning.
   * [false]
   */
  readonly strictLeastPrivilege?: boolean;
  /** For sessions without `websites`. `'ignore'`: where their items belong does not matter. [it does] */
  readonly websites?: 'ignore';
  /**
   * `'on-failure'` attaches a redacted trace of a failed sign-in in a browser to the tests that waited for it. Without
   * pictures. ['off']
   */
  readonly signInTrace?: 'off' | 'on-failure';
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
  /**
   * When the service account token expires: `'2027-01-31'`. 1Password does not say it, so give the date that you chose.
   * In its last 14 days, a run's first line and `doctor` warn. [no warning]
   */
  readonly tokenExpires?: string;
}

export interface OnePasswordAuthOptions {
  /** On a developer's machine: name or ID of the account in the 1Password app. Not used on CI. */
  readonly desktopAccount?: string;
  /** On GitHub Actions: the workload that the job's OIDC token proves. OP_INTEGRATION_KEY has its integration key. */
  readonly workloadIdentity?: { readonly workloadUuid: string };
}

/** How the artifacts of a run are searched, with all defaults filled in. */
export interface LeakOptions {
  readonly onLeak: 'quarantine' | 'delete';
  readonly folders: readonly string[];
  readonly maxSeconds: number;
  /** Folder for leaking files, relative to the Playwright config. */
  readonly quarantineFolder: string;
}
