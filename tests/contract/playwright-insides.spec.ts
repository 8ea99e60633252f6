import { expect, test } from '@playwright/test';
import { quietly } from '../../fixtures/playwright-insides.js';

test('a browser context has the inside that keeps calls out of steps and traces', ({ context }) => {
  expect(Reflect.get(context, '_wrapApiCall')).toBeInstanceOf(Function);
});

test('quietly gives what the call gives, and throws what it throws', async ({ context }) => {
  await expect(quietly(context, () => Promise.resolve(7))).resolves.toBe(7);
  await expect(quietly(context, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('quietly makes the call where the inside is gone', async () => {
  await expect(quietly({}, () => Promise.resolve(7))).resolves.toBe(7);
});

test('a quiet call is no step of its test', async ({ context }, testInfo) => {
  const steps = () => (Reflect.get(testInfo, '_steps') as { title: string }[]).length;
  const before = steps();
  await quietly(context, () => context.addInitScript(() => undefined));
  expect(steps()).toBe(before);
  await context.addInitScript(() => undefined);
  expect(steps()).toBeGreaterThan(before);
});
