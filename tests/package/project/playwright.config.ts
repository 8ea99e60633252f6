import { defineConfig } from '@playwright/test';
import { withAuthSessions } from 'playwright-auth-sessions';

export default defineConfig(
  withAuthSessions('./auth-flows/auth-sessions.ts', {
    testDir: './tests',
    workers: 2,
    use: { baseURL: process.env.SITE_URL ?? 'http://127.0.0.1' },
  }),
);
