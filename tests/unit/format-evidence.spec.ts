import { expect, test } from '@playwright/test';
import { formatEvidence } from '../../src/core/format-evidence.js';

test("shows which step failed, where a sign-in was, what it did, and its pages' errors", () => {
  const evidence = { url: 'https://app.example/sign-in', title: 'Sign in', screenshot: undefined };
  const failedAt = 'goto /sign-in: net::ERR_FAILED';
  const steps = ['✗   +0.0 s     12 ms  goto /sign-in: net::ERR_FAILED'];
  expect(
    formatEvidence({ ...evidence, failedAt, steps, consoleErrors: ['no such file'] }).split('\n'),
  ).toEqual([
    'Failed  goto /sign-in: net::ERR_FAILED',
    'Page    https://app.example/sign-in',
    'Title   Sign in',
    '',
    'Steps of the auth flow; typed values are named, never shown',
    '✗   +0.0 s     12 ms  goto /sign-in: net::ERR_FAILED',
    '',
    'Console errors of its pages',
    '  no such file',
    '',
  ]);
});

test('says none where there is nothing, and leaves out a title that there is not', () => {
  const text = formatEvidence({ url: 'about:blank', title: '', screenshot: undefined });
  expect(text).not.toMatch(/Title|Failed/);
  expect(text.match(/^ {2}none$/gm)).toHaveLength(2);
});
