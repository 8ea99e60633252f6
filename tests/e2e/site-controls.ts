import type { APIRequestContext } from '@playwright/test';

interface Counters {
  readonly accounts: Readonly<Record<string, { signIns: number; attempts: number; sessions: number }>>;
}

/** What the site itself has counted since it was started for this run. */
export async function readCounters(request: APIRequestContext): Promise<Counters['accounts']> {
  const response = await request.get('/test-controls/counters', { headers: controlHeaders });
  return ((await response.json()) as Counters).accounts;
}

/** The web server of playwright.config.ts is started with the same key. */
const controlHeaders = { 'x-test-control-key': 'for-tests-only' };
