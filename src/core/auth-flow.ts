import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import type { Mailbox } from './mailbox.js';

/** The parameters of a flow that declares none. */
export type UsualParameters = 'username' | 'password';

/** The resolved parameters that an account signs in with, by name. Codes are not included. */
export type Credentials<Name extends string = UsualParameters> = Readonly<Record<Name, string>>;

/** What `create` gets. The page is new, in an untraced browser outside every report. */
export interface CreateTools<Name extends string = UsualParameters> {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Shares its cookies with `page`. */
  readonly request: APIRequestContext;
  readonly credentials: Credentials<Name>;
  /** Returns a fresh, unused code with at least `codes.minRemainingSeconds` (5) left to type it. */
  readonly totp: () => Promise<string>;
  /** Waits for mail to the account since the flow began. Waiting does not count towards the flow's time limit. */
  readonly mailbox: Mailbox;
  /**
   * Asks a person at the terminal for a code that only they have, with `create` and `renew`. Without a terminal, as in a
   * run, the sign-in fails with `ERR_HUMAN_NEEDED`. Waiting does not count towards the flow's time limit.
   */
  readonly person: { readonly code: (question: string) => Promise<string> };
  readonly baseURL: string | undefined;
  /** Adds milliseconds, 10 minutes at most, to the time limit: for a wait for a person or a slow provider. */
  readonly extendTimeout: (ms: number) => void;
  /** Aborted when the sign-in is stopped or times out. */
  readonly signal: AbortSignal;
}

/** What `create` may return: the session is known by headers, in addition to its cookies and storage. */
export interface CreatedSession {
  /** The session's contexts and `request` send them, for example `Authorization`. What a page or a test sets wins. */
  readonly headers: Readonly<Record<string, string>>;
  /** The only origins that get them. [the origin of the session's base URL] */
  readonly origins?: readonly string[];
}

/**
 * What `check` and `destroy` get. One that takes only `request` starts no browser. This is read from its parameter, which must
 * be destructured: `check({ request })`.
 */
export interface CheckTools {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly request: APIRequestContext;
  readonly baseURL: string | undefined;
  /** Adds milliseconds, 10 minutes at most, to the time limit: for a wait for a person or a slow provider. */
  readonly extendTimeout: (ms: number) => void;
  readonly signal: AbortSignal;
}

/** A main-frame navigation or a response in a signed-in test. */
export interface SignedOutEvent {
  readonly url: string;
  /** Status of a response; `undefined` for a navigation within the page, such as `history.pushState`. */
  readonly status: number | undefined;
  readonly isNavigation: boolean;
}

/** How to sign in to one application, and how to check that it worked. Contains no secrets. */
export interface AuthFlow<Name extends string = UsualParameters> {
  /** The parameters that a session of this flow must have, besides its code. Default: username, password. */
  readonly parameters?: readonly Name[];
  /**
   * Signs in. Throws `CredentialsRejectedError` if the application rejects the credentials. One that destructures neither
   * `page` nor `context` starts no browser.
   */
  // oxlint-disable-next-line typescript/no-invalid-void-type -- most flows return nothing
  readonly create: (tools: CreateTools<Name>) => Promise<CreatedSession | void>;
  /** Whether this state is signed in. Called after `create`, and before a stored state is reused. */
  readonly check?: (tools: CheckTools) => boolean | Promise<boolean>;
  /**
   * Whether this event in a test shows that the session is signed out. If so, it is checked, and renewed, before the
   * next test uses it.
   */
  readonly signedOut?: (event: SignedOutEvent) => boolean;
  /**
   * Signs out on the server. Called when a session ends: an isolated session after its test, a runtime session after
   * the run, and any session by `authSessions.invalidate` and `remove --sign-out`. If the flow has a check, it must fail
   * afterwards.
   */
  readonly destroy?: (tools: CheckTools) => void | Promise<void>;
  /** Time limit of one attempt of `create` or `check`, without the time spent waiting for a code. Default: 60. */
  readonly timeoutSeconds?: number;
}

/** A flow from `defineAuthFlow`, which records the file it was written in. */
export interface DefinedAuthFlow<Name extends string = UsualParameters> extends AuthFlow<Name> {
  readonly [flowFile]: string | undefined;
}

/** A registered symbol: a flow may load with its own copy of this module. */
export const flowFile: unique symbol = Symbol.for('playwright-auth-sessions.flow-file') as never;

/**
 * Defines how to sign in to one application.
 *
 * @example
 * export default defineAuthFlow({
 *   async create({ page, credentials, totp }) { … },
 *   async check({ request }) { return (await request.get('/api/me')).ok(); },
 * });
 */
export function defineAuthFlow<const Name extends string = UsualParameters>(
  flow: AuthFlow<Name>,
): DefinedAuthFlow<Name> {
  return { ...flow, [flowFile]: callerFile() };
}

/** Whether a module's export is a flow, from any copy of this module. */
export function isAuthFlow(value: unknown): value is DefinedAuthFlow<string> {
  return typeof value === 'object' && value !== null && flowFile in value;
}

/** The file that called `defineAuthFlow`, so that the source of an imported flow is known too. */
function callerFile(): string | undefined {
  // oxlint-disable-next-line typescript/unbound-method -- kept to be put back, not called
  const prepare = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error().stack as unknown as NodeJS.CallSite[];
    return sites[2]?.getFileName() ?? undefined;
  } finally {
    Error.prepareStackTrace = prepare;
  }
}
