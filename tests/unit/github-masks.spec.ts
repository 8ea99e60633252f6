import { expect, test } from '@playwright/test';
import { githubMasks } from '../../fixtures/github-masks.js';

test('a value is one line, with what commands take for their own escaped', () => {
  expect(githubMasks('100%25 "x"')).toEqual(['::add-mask::100%2525 "x"']);
});

test('each line of a value is masked, once', () => {
  expect(githubMasks('-----BEGIN KEY-----\r\nabcdefgh\nabcdefgh\n')).toEqual([
    '::add-mask::-----BEGIN KEY-----',
    '::add-mask::abcdefgh',
  ]);
});

test('what is too short to be searched for is not masked either: every log would lose it', () => {
  expect(githubMasks('admin')).toEqual([]);
});
