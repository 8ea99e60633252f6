import { expect, test } from '@playwright/test';
import { createWorkUntilEnd } from '../../src/script/work-until-end.js';

test('an end runs once, however often it is asked for', async () => {
  let ends = 0;
  const { end } = createWorkUntilEnd(undefined, () => Promise.resolve(void (ends += 1)));
  await Promise.all([end(), end()]);
  expect(ends).toBe(1);
});

test('work that is pending at the end rejects, and later work does not begin', async () => {
  const { during, end } = createWorkUntilEnd(undefined, () => Promise.resolve());
  const pending = during(() => new Promise<never>(() => undefined));
  const failed = expect(pending).rejects.toThrow('These auth sessions are closed.');
  await end();
  await failed;
  let began = false;
  await expect(during(() => Promise.resolve((began = true)))).rejects.toThrow(TypeError);
  expect(began).toBe(false);
});

test('an aborted signal ends everything, and its reason rejects what is pending', async () => {
  let ends = 0;
  const abort = new AbortController();
  const { during, end } = createWorkUntilEnd(abort.signal, () => Promise.resolve(void (ends += 1)));
  const pending = during(() => new Promise<never>(() => undefined));
  abort.abort(new Error('enough'));
  await expect(pending).rejects.toThrow('enough');
  await end();
  expect(ends).toBe(1);
});

test('finished work leaves no listener on the signal', async () => {
  const { during } = createWorkUntilEnd(undefined, () => Promise.resolve());
  expect(await during(() => Promise.resolve(7))).toBe(7);
});
