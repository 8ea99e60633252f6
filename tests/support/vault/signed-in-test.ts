import { withSignedIn as base } from '../onepassword/signed-in-client.js';
import { createSignedInBench, openOnePasswordBench, type OnePasswordBench } from './one-password-bench.js';

export { expect } from '@playwright/test';

export interface VaultFixtures {
  /** A vault that is signed in, for tests that are not about signing in. The worker's tests share its account. */
  readonly signedInBench: OnePasswordBench;
  /** A vault that is not signed in yet, with a separate server. */
  readonly coldBench: OnePasswordBench;
}

export const test = base.extend<VaultFixtures>({
  signedInBench: async ({ signedIn }, use) => {
    const { server, account, client } = signedIn;
    // The last test may have ended the client's session, or its connection.
    await client.vaults.list().catch(() => client.vaults.list());
    server.resetCounts();
    await use(createSignedInBench(signedIn));
    server.clearFaults();
    // A request that a test left hanging would be watched during the next test.
    if (server.openRequests() > 0) server.breakOffRequests();
    for (const item of account.vaults[0]!.items) item.remove();
    account.environments[0]!.clear();
  },
  coldBench: async ({}, use) => {
    const bench = await openOnePasswordBench();
    await use(bench);
    await bench.close();
  },
});
