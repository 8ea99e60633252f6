import { expect, test } from '@playwright/test';
import { formatEvidence } from '../../src/core/format-evidence.js';

test('tells where a sign-in was, what it did, and what its pages complained of', () => {
  const evidence = { url: 'https://app.example/sign-in', title: 'Sign in', screenshot: undefined };
  const steps = ['  +0.0 s     12 ms  goto /sign-in'];
  expect(formatEvidence({ ...evidence, steps, consoleErrors: ['no such file'] }).split('\n')).toEqual([
    'Page   https://app.example/sign-in',
    'Title  Sign in',
    '',
    'Steps of the auth flow; typed values are named, never shown',
    '  +0.0 s     12 ms  goto /sign-in',
    '',
    'Console errors of its pages',
    '  no such file',
    '',
  ]);
});

test('says none where there is nothing, and leaves out a title that there is not', () => {
  const text = formatEvidence({ url: 'about:blank', title: '', screenshot: undefined });
  expect(text).not.toContain('Title');
  expect(text.match(/^ {2}none$/gm)).toHaveLength(2);
});
