import { expect, test } from '../../fixtures/index.js';
import { readCounters } from './site-controls.js';

// Runs when all other tests of the suite have: see playwright.config.ts.

for (const name of ['ada.admin', 'cleo.customer'])
  test(`the site has counted one sign-in of ${name} at most, and a live session`, async ({ request }) => {
    const counters = await readCounters(request);
    const account = counters[`${name}@consultations.example`];
    expect(account?.signIns).toBeLessThanOrEqual(1);
    expect(account?.attempts).toBe(account?.signIns);
    // Of an earlier edition of the flow, the site may remember one more.
    expect(account?.sessions).toBeGreaterThanOrEqual(1);
  });
