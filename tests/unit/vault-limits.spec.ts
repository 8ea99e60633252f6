import { expect, test } from '@playwright/test';
import { vaultAdvice } from '../../src/core/vault-advice.js';
import { credentialTroubles } from '../../src/vault/one-password/credential-troubles.js';
import { environmentTroubles } from '../../src/vault/one-password/environment-troubles.js';
import { troubleOf } from '../../src/vault/one-password/one-password-troubles.js';
import { referenceTroubles } from '../../src/vault/one-password/reference-troubles.js';
import { budgetSpent, rateLimited } from '../../src/vault/one-password/refusals.js';

const command = 'op service-account ratelimit';
const minuteMs = 60_000;

/** By how 1Password, its SDK or this package says so. */
const limits = {
  'the budget of a run': budgetSpent(500),
  'status 429': rateLimited(undefined, 0),
  'status 429 with a time': rateLimited(minuteMs, 0),
  'status 429 with a time on another day': rateLimited(24 * 60 * minuteMs, 0),
  'rate limit exceeded': troubleOf(new Error('rate limit exceeded')),
  'too many requests': troubleOf(new Error('an unexpected error: Too Many Requests')),
  'returned status 429': troubleOf(new Error('the token exchange returned status 429')),
};

for (const [name, { code, explanation }] of Object.entries(limits))
  test(`${name} names the command that shows what 1Password still allows`, () => {
    expect(code).toMatch(/^ERR_VAULT_(RATE_LIMITED|BUDGET_SPENT)$/);
    expect(explanation.next).toContain(command);
  });

test('no other error of 1Password speaks of a limit of requests without that command', () => {
  const troubles = [...credentialTroubles, ...environmentTroubles, ...referenceTroubles];
  const texts = troubles.map(([, { explanation }]) => Object.values(explanation).join(' '));
  const speakers = texts.filter((text) => /rate.?limit|too many requests|limit of \S* ?requests/i.test(text));
  expect(speakers.filter((text) => !text.includes(command))).toEqual([]);
  expect(texts.length).toBeGreaterThan(10);
});

test('the page of each limit names that command', () => {
  for (const { next } of [vaultAdvice.ERR_VAULT_RATE_LIMITED, vaultAdvice.ERR_VAULT_BUDGET_SPENT])
    expect(next).toContain(command);
});
