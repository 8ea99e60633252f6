import { defineConfig } from '@playwright/test';
import { withAuthSessions } from './fixtures/index.js';
import { closedNetworkArguments } from './src/browser/find-browser.js';

const port = Number(process.env.CONSULTATIONS_PORT ?? 4310);
const baseURL = `http://127.0.0.1:${port}`;

/** The suite of the consultations site, signed in. The site remembers its sessions, so that a second run is warm. */
export default defineConfig(
  withAuthSessions('./auth-flows/auth-sessions.ts', {
    testDir: './tests/e2e',
    fullyParallel: true,
    forbidOnly: Boolean(process.env.CI),
    workers: 2,
    use: { baseURL, trace: 'retain-on-failure', launchOptions: { args: [...closedNetworkArguments] } },
    projects: [
      { name: 'consultations', testIgnore: 'sign-ins.spec.ts' },
      { name: 'sign-ins', testMatch: 'sign-ins.spec.ts', dependencies: ['consultations'] },
    ],
    webServer: {
      command: `node node_modules/jiti/lib/jiti-cli.mjs tests/support/consultations/serve.ts --port ${port} --state node_modules/.cache/consultations-${port}.json`,
      url: `${baseURL}/sign-in`,
      env: { CONSULTATIONS_TEST_KEY: 'for-tests-only' },
      gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
    },
  }),
);
