import type { BrowserContextOptions } from '@playwright/test';
import type { SecretReferenceText } from './secret-reference.js';

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
  /**
   * Where the sign-in may type or send the session's values. A list permits only these websites and their subdomains, in
   * addition to what the items' websites in 1Password permit. `'ignore'`: anywhere. [the items' websites, if they have
   * any]
   */
  readonly websites?: SessionWebsites;
  /** Properties of codes that 1Password does not report. [30 s; as many digits as the vault returns] */
  readonly totp?: { readonly periodSeconds?: number; readonly digits?: number };
}

/** Context options shared by a session's sign-in, checks and tests. */
export type SessionContextOptions = Omit<
  BrowserContextOptions,
  'storageState' | 'proxy' | 'baseURL' | 'recordHar' | 'recordVideo' | 'logger' | 'videosPath' | 'videoSize'
>;

/** `'ignore'`, or URLs such as `https://app.example`. */
export type SessionWebsites = 'ignore' | readonly string[];

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

export type ClientCertificateReferences = (
  | { readonly cert: SecretReferenceText; readonly key: SecretReferenceText; readonly pfx?: undefined }
  /** A file of type PKCS #12, with the certificate and its key. */
  | { readonly pfx: SecretReferenceText; readonly cert?: undefined; readonly key?: undefined }
) & {
  readonly passphrase?: SecretReferenceText;
  /** [the origin of the session's base URL] */
  readonly origin?: string;
};
