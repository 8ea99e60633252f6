import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';

/** The parameters of a flow that names none itself. */
export type UsualParameters = 'username' | 'password';

/** The resolved parameters that one account signs in with, by parameter name. Codes are not among them. */
export type Credentials<Name extends string = UsualParameters> = Readonly<Record<Name, string>>;

/** What `create` signs in with. The page is fresh, in an untraced browser outside every report. */
export interface CreateTools<Name extends string = UsualParameters> {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Shares its cookies with `page`. */
  readonly request: APIRequestContext;
  readonly credentials: Credentials<Name>;
  /** A fresh code: never used before, with at least `codes.minRemainingSeconds` (5) left to type it in. */
  readonly totp: () => Promise<string>;
  readonly baseURL: string | undefined;
  /** Aborted when the sign-in is stopped or out of time. */
  readonly signal: AbortSignal;
}

/**
 * What `check` looks with. No browser starts for a check that takes `request` alone; which ones it takes is read
 * from its parameter, so that has to be destructured: `check({ request })`.
 */
export interface CheckTools {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly request: APIRequestContext;
  readonly baseURL: string | undefined;
  readonly signal: AbortSignal;
}

/** A navigation of a page's main frame, or a response, in a test that is signed in. */
export interface SignedOutEvent {
  readonly url: string;
  /** Of a response; `undefined` for a navigation within the page, such as `history.pushState`. */
  readonly status: number | undefined;
  readonly isNavigation: boolean;
}

/** The recipe for one application: how to sign in, and how to tell. It has no secret in it. */
export interface AuthFlow<Name extends string = UsualParameters> {
  /** The parameters that a session of this flow must give, besides its code. Default: username, password. */
  readonly parameters?: readonly Name[];
  /** Signs in. Reports a no to the credentials with `CredentialsRejectedError`. */
  readonly create: (tools: CreateTools<Name>) => Promise<void>;
  /** Whether this state is signed in. Asked after `create`, and before a stored state is used again. */
  readonly check?: (tools: CheckTools) => boolean | Promise<boolean>;
  /** Whether this event in a test shows that the session is dead. The next test then has it checked, and renewed. */
  readonly signedOut?: (event: SignedOutEvent) => boolean;
  /** For one attempt of `create` or `check`, without the time spent waiting for a code. Default: 60. */
  readonly timeoutSeconds?: number;
}

/** A flow as `defineAuthFlow` gives it: it knows the file it was written in. */
export interface DefinedAuthFlow<Name extends string = UsualParameters> extends AuthFlow<Name> {
  readonly [flowFile]: string | undefined;
}

/** Registered, not unique: a flow may be loaded with a copy of this module of its own. */
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

/** Whether a module's export is a flow, from whichever copy of this module it came. */
export function isAuthFlow(value: unknown): value is DefinedAuthFlow<string> {
  return typeof value === 'object' && value !== null && flowFile in value;
}

/** The file that called `defineAuthFlow`, so that an imported flow's source is known as well as a named one's. */
function callerFile(): string | undefined {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- kept to be put back, not called
  const prepare = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error().stack as unknown as NodeJS.CallSite[];
    return sites[2]?.getFileName() ?? undefined;
  } finally {
    Error.prepareStackTrace = prepare;
  }
}
