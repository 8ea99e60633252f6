import { expect, test } from '@playwright/test';
import { createAcknowledgement } from '../../src/wire/acknowledgement.js';

test('is settled when nothing is out, and when all that was out has come back', async () => {
  const numbers = createAcknowledgement({ patienceMs: 60_000 });
  await numbers.settled();
  const first = numbers.next();
  const second = numbers.next();
  const order: string[] = [];
  const settled = numbers.settled().then(() => order.push('settled'));
  numbers.reached(first);
  await Promise.resolve();
  order.push('second comes back');
  numbers.reached(second);
  await settled;
  expect(order).toEqual(['second comes back', 'settled']);
});

test('a request that goes out later is not waited for', async () => {
  const numbers = createAcknowledgement({ patienceMs: 60_000 });
  const first = numbers.next();
  const settled = numbers.settled();
  numbers.next();
  numbers.reached(first);
  await settled;
});

test('one that never comes back is given up', async () => {
  const numbers = createAcknowledgement({ patienceMs: 1 });
  numbers.next();
  await numbers.settled();
});
