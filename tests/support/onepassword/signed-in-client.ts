import { createClient } from '@1password/sdk';
import type { Client } from '@1password/sdk';
import { test as base } from '@playwright/test';
import { createOnePasswordServer } from './index.js';
import type { Account, OnePasswordServer, Vault } from './index.js';

export interface SignedIn {
  readonly server: OnePasswordServer;
  readonly account: Account;
  readonly token: string;
  readonly client: Client;
}

export interface OnePasswordFixtures {
  /** The server, with an empty log and no faults. */
  readonly server: OnePasswordServer;
  /** The vault `automation`, empty. */
  readonly vault: Vault;
  /** The real SDK, signed in as `pipeline`, which reads that vault and the Environment `staging`. */
  readonly client: Client;
}

/** A 1Password server and a signed-in client per worker, since signing in takes half a second. */
export const withSignedIn = base.extend<object, { signedIn: SignedIn }>({
  signedIn: [
    async ({}, use) => {
      const server = await createOnePasswordServer();
      const account = server.addAccount({ name: 'acme' });
      const vault = account.addVault({ title: 'automation' });
      const environment = account.addEnvironment({ name: 'staging' });
      const { token } = account.addServiceAccount({
        name: 'pipeline',
        vaults: [{ vault }],
        environments: [environment],
      });
      await use({ server, account, token, client: await signIn(token) });
      await server.close();
    },
    { scope: 'worker' },
  ],
});

export const test = withSignedIn.extend<OnePasswordFixtures>({
  server: async ({ signedIn: { server } }, use) => {
    server.resetCounts();
    await use(server);
    server.clearFaults();
  },
  vault: async ({ signedIn }, use) => {
    const vault = signedIn.account.vaults[0]!;
    await use(vault);
    for (const item of vault.items) item.remove();
  },
  client: async ({ signedIn }, use) => use(signedIn.client),
});

/** The unmodified SDK, as this library makes its client. */
export async function signIn(token: string): Promise<Client> {
  return createClient({
    auth: token,
    integrationName: 'playwright-auth-sessions',
    integrationVersion: '0.1.0',
  });
}
