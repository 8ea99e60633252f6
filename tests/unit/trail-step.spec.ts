import { expect, test } from '@playwright/test';
import { failedStepOf, formatStep, type TrailStep } from '../../src/flow/trail-step.js';

const step = (startedMs: number, endedMs?: number, error?: Error): TrailStep => ({
  ...{ call: { type: 'Frame', method: 'click', params: {} }, startedMs, error },
  ...(endedMs !== undefined && { endedMs }),
});
const wrong = new Error('locator.click: Timeout 500ms exceeded.\nCall log:\n  - waiting');

test('the step that failed is the last one, or one that did not end', () => {
  const failed = step(1, 2, wrong);
  expect(failedStepOf([step(0, 1), failed])).toBe(failed);
  const open = step(1);
  expect(failedStepOf([step(0, 1), open])).toBe(open);
  expect(failedStepOf([open, step(2, 3)])).toBe(open);
  expect(failedStepOf([])).toBeUndefined();
});

test('the failed one counts among steps that ran together', () => {
  const failed = step(0, 5, wrong);
  expect(failedStepOf([failed, step(1, 2)])).toBe(failed);
});

test('a failure that the flow has handled is not its own', () => {
  expect(failedStepOf([step(0, 1, wrong), step(2, 3)])).toBeUndefined();
});

test('a failed step is marked, and has the first line of its error', () => {
  const words = { words: 'click locator(a)', beganMs: 0, redact: (text: string) => text };
  expect(formatStep(step(1000, 1500, wrong), { ...words, isFailed: true })).toBe(
    '✗   +1.0 s     500 ms  click locator(a): locator.click: Timeout 500ms exceeded.',
  );
  expect(formatStep(step(1000), { ...words, isFailed: false })).toBe(
    '    +1.0 s  not ended  click locator(a)',
  );
});
