import { systemClock } from '../../../src/time/system-clock.js';
import type { Vault as VaultPort } from '../../../src/core/ports.js';
import { SecretValue } from '../../../src/core/secret-value.js';
import {
  createOnePasswordVault,
  type OnePasswordVaultOptions,
} from '../../../src/vault/one-password/one-password.js';
import {
  createOnePasswordServer,
  type Account,
  type OnePasswordServer,
  type OnePasswordServerOptions,
  type Vault,
} from '../onepassword/index.js';

/** Our vault over the real SDK over HTTP, and the server it asks. */
export interface OnePasswordBench {
  readonly server: OnePasswordServer;
  readonly account: Account;
  /** What the token can read. */
  readonly automation: Vault;
  readonly token: string;
  readonly vault: VaultPort;
  /** Another run's, on the same account. */
  readonly open: (options?: Partial<OnePasswordVaultOptions>) => VaultPort;
  readonly close: () => Promise<void>;
}

export async function openOnePasswordBench(
  options: Partial<OnePasswordVaultOptions> = {},
  serverOptions: OnePasswordServerOptions = {},
): Promise<OnePasswordBench> {
  const server = await createOnePasswordServer(serverOptions);
  const account = server.addAccount({ name: 'acme' });
  const automation = account.addVault({ title: 'automation' });
  const { token } = account.addServiceAccount({ name: 'pipeline', vaults: [{ vault: automation }] });
  const open = (own: Partial<OnePasswordVaultOptions> = {}) =>
    createOnePasswordVault({
      auth: { kind: 'service-account', token: new SecretValue(token, 'token') },
      integrationName: 'playwright-auth-sessions',
      integrationVersion: '0.1.0',
      clock: systemClock,
      random: () => 0,
      deadlineMs: 25_000, // a busy machine is no fault
      ...own,
    });
  return { server, account, automation, token, vault: open(options), open, close: () => server.close() };
}
