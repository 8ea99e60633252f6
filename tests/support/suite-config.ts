import { browserUse } from './nested-run.js';

/** The Playwright config of a nested suite, with its sessions in `auth-sessions.ts` and its tests in `tests`. */
export function suiteConfig(baseURL: string, options = 'workers: 1'): string {
  return `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', ${options}, reporter: [['list']],
        use: { baseURL: ${JSON.stringify(baseURL)}, launchOptions: ${browserUse()} },
      }));`;
}
