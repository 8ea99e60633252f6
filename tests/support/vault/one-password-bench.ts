import { createClient, type Client } from '@1password/sdk';
import type { Vault as VaultPort } from '../../../src/core/ports.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import { systemClock } from '../../../src/time/system-clock.js';
import { createOnePasswordVault } from '../../../src/vault/one-password/one-password.js';
import type { OnePasswordVaultOptions } from '../../../src/vault/one-password/vault-options.js';
import {
  createOnePasswordServer,
  type Account,
  type Environment,
  type OnePasswordServer,
  type OnePasswordServerOptions,
  type Vault,
} from '../onepassword/index.js';
import type { SignedIn } from '../onepassword/signed-in-client.js';

/** Our vault over the real SDK over HTTP, and the server it asks. */
export interface OnePasswordBench {
  readonly server: OnePasswordServer;
  readonly account: Account;
  /** What the token can read. */
  readonly automation: Vault;
  readonly environment: Environment;
  readonly token: string;
  readonly vault: VaultPort;
  /** Another run's, on the same account. */
  readonly open: (options?: Partial<OnePasswordVaultOptions>) => VaultPort;
  readonly close: () => Promise<void>;
}

/** A server for this test alone, which nobody has signed in to. */
export async function openOnePasswordBench(
  options: Partial<OnePasswordVaultOptions> = {},
  serverOptions: OnePasswordServerOptions = {},
): Promise<OnePasswordBench> {
  const server = await createOnePasswordServer(serverOptions);
  const account = server.addAccount({ name: 'acme' });
  const automation = account.addVault({ title: 'automation' });
  const environment = account.addEnvironment({ name: 'staging' });
  const { token } = account.addServiceAccount({
    name: 'pipeline',
    vaults: [{ vault: automation }],
    environments: [environment],
  });
  return createBench({ server, account, automation, environment, token, options });
}

/** The server and account of a worker, whose client each vault takes first: signing in takes half a second. */
export function createSignedInBench({ server, account, token, client }: SignedIn): OnePasswordBench {
  return createBench({
    ...{ server, account, token },
    automation: account.vaults[0]!,
    environment: account.environments[0]!,
    ownOptions: () => ({ createClient: startingWith(client) }),
  });
}

interface BenchParts extends Pick<
  OnePasswordBench,
  'server' | 'account' | 'automation' | 'environment' | 'token'
> {
  readonly options?: Partial<OnePasswordVaultOptions>;
  /** For each vault that has the token of the bench. */
  readonly ownOptions?: () => Partial<OnePasswordVaultOptions>;
}

function createBench({ options, ownOptions, ...parts }: BenchParts): OnePasswordBench {
  const open = (own: Partial<OnePasswordVaultOptions> = {}) =>
    createOnePasswordVault({
      auth: { kind: 'service-account', token: new SecretValue(parts.token, 'token') },
      integrationName: 'playwright-auth-sessions',
      integrationVersion: '0.1.0',
      clock: systemClock,
      random: () => 0,
      deadlineMs: 25_000, // a busy machine is no fault
      ...(own.auth === undefined && ownOptions?.()),
      ...own,
    });
  return { ...parts, vault: open(options), open, close: () => parts.server.close() };
}

/** Gives the client that is signed in, and makes the next ones: a vault asks again when it has lost a client. */
function startingWith(client: Client): typeof createClient {
  const ready = [client];
  return async (config) => ready.pop() ?? createClient(config);
}
