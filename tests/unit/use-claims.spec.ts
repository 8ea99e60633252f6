import { expect, test } from '@playwright/test';
import type { UseScope } from '../../src/wire/messages.js';
import { createUseClaims, type UseClaimsOptions, type UseMemory } from '../../src/wire/use-claims.js';

/** A broker that lets each use wait twice. */
function claimsOn(scopes: readonly UseScope[], memory: UseMemory) {
  const seen: string[] = [];
  const waits = new Map<string, number>();
  const ask = (path: string, message: { scope?: string; ticket?: string }) => {
    if (path !== '/use')
      return Promise.resolve(path === '/base-url' ? { baseURL: undefined, claims: scopes } : {});
    const { scope = '', ticket = '' } = message;
    const asked = (waits.get(ticket) ?? 0) + 1;
    waits.set(ticket, asked);
    seen.push(`${scope} ${asked}`);
    return Promise.resolve(
      asked < 3 ? { waiting: true } : { held: { session: 'shopper', scope, ticket, slot: 1 } },
    );
  };
  const claims = createUseClaims({
    ask: ask as unknown as UseClaimsOptions['ask'],
    memory,
    async onWait({ session, scope }, wait) {
      seen.push(`${session}: ${scope} begins`);
      const answer = await wait();
      seen.push(`${session}: ${scope} ends`);
      return answer;
    },
  });
  return { claims, seen };
}

const emptyMemory = (): UseMemory => ({ accountTickets: new Map(), claims: new Map() });

test('a wait for a use lasts from the first request to the answer, one for each scope', async () => {
  const { claims, seen } = claimsOn(['worker', 'test'], emptyMemory());
  await claims.take('shopper');
  expect(seen).toEqual([
    ...['shopper: worker begins', 'worker 1', 'worker 2', 'worker 3', 'shopper: worker ends'],
    ...['shopper: test begins', 'test 1', 'test 2', 'test 3', 'shopper: test ends'],
  ]);
});

test('nothing waits for what the test or its worker holds already', async () => {
  const memory = emptyMemory();
  const first = claimsOn(['worker'], memory);
  await first.claims.take('shopper');
  await first.claims.take('shopper');
  expect(first.seen.filter((one) => one.includes('begins'))).toHaveLength(1);
  await first.claims.end();
  const second = claimsOn(['worker'], memory);
  await second.claims.take('shopper');
  expect(second.seen.filter((one) => one.includes('begins'))).toEqual([]);
});
