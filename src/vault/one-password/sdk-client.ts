import type { Client, createClient } from '@1password/sdk';
import type { Clock } from '../../core/ports.js';
import { deviceOf, toSdkAuth, type OnePasswordAuth } from './one-password-auth.js';
import { troubleOf } from './one-password-troubles.js';
import type { SdkRequests } from './sdk-requests.js';
import { withRetries } from './with-retries.js';
import { withinDeadline } from './within-deadline.js';

export interface SdkClientOptions {
  readonly auth: OnePasswordAuth;
  readonly integrationName: string;
  readonly integrationVersion: string;
  readonly requests: SdkRequests;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The SDK's own when left out. */
  readonly createClient?: typeof createClient | undefined;
}

/** One client of the SDK for a whole run. */
export interface SdkClient {
  /** A signed-in client. Concurrent requests share one sign-in. Throws the SDK's errors. */
  get(): Promise<Client>;
  /** Discards this client, so that the next request gets another one. Returns `false` if it was already discarded. */
  drop(client: Client): boolean;
  /** Starts a new run: a rejected sign-in may be tried again. */
  forgetFailures(): void;
}

/**
 * Signs in on first use. Only then does it load the SDK, 14 MB of WebAssembly that a run with valid sessions does not
 * need. The next request retries a sign-in after a temporary failure, but not after a rejection, unless the token's
 * file has another token by then.
 */
export function createSdkClient(options: SdkClientOptions): SdkClient {
  let { auth } = options;
  let connecting: Promise<Client> | undefined;
  let connected: Client | undefined;
  let isRefused = false;

  async function signIn(mayRenew: boolean): Promise<Client> {
    try {
      connected = await connect({ ...options, auth });
      return connected;
    } catch (error) {
      if (isTemporary(error)) connecting = undefined;
      isRefused = troubleOf(error).code === 'ERR_VAULT_CREDENTIAL_INVALID';
      if (isRefused && mayRenew && takeOtherToken()) return signIn(false);
      throw error;
    }
  }

  function takeOtherToken(): boolean {
    const other = auth.kind === 'service-account' ? auth.reread?.() : undefined;
    if (auth.kind !== 'service-account' || !other || other.reveal() === auth.token.reveal()) return false;
    auth = { ...auth, token: other };
    isRefused = false;
    options.requests.setDevice(deviceOf(auth));
    return true;
  }

  return {
    get() {
      if (isRefused && takeOtherToken()) connecting = undefined;
      return (connecting ??= signIn(true));
    },
    drop(client) {
      if (client !== connected) return false;
      connecting = undefined;
      connected = undefined;
      return true;
    },
    forgetFailures() {
      if (!connected) connecting = undefined;
    },
  };
}

async function connect(options: SdkClientOptions): Promise<Client> {
  const { auth, integrationName, integrationVersion, requests, ...patience } = options;
  const sdk = await import('@1password/sdk');
  const create = options.createClient ?? sdk.createClient;
  const signIn = async () => {
    let dropped: unknown;
    const sdkAuth = toSdkAuth(auth, sdk, (reason) => (dropped = reason));
    try {
      return await requests.watch(() =>
        quietly(auth, () => create({ ...sdkAuth, integrationName, integrationVersion })),
      );
    } catch (error) {
      throw dropped ?? error;
    }
  };
  return withinDeadline((signal) => withRetries(signIn, { ...patience, signal, isTemporary }), {
    ...patience,
    signal: undefined,
    doing: 'signing in to 1Password',
  });
}

function isTemporary(error: unknown): boolean {
  return troubleOf(error).temporary ?? false;
}

/** Without the app, the SDK prints a stack before it throws. It looks for the app synchronously. */
function quietly<Result>(auth: OnePasswordAuth, work: () => Promise<Result>): Promise<Result> {
  if (auth.kind !== 'desktop') return work();
  const print = console.error; // oxlint-disable-line no-console -- the SDK's, not ours
  console.error = () => undefined; // oxlint-disable-line no-console -- the SDK's, not ours
  try {
    return work();
  } finally {
    console.error = print; // oxlint-disable-line no-console -- the SDK's, not ours
  }
}
