import { expect, test } from '@playwright/test';
import { githubMasks } from '../../fixtures/redaction/mask-secrets-on-github.js';

test('a value is one line, with what commands take for their own escaped', () => {
  expect(githubMasks('100%25 "x"')).toEqual(['::add-mask::100%2525 "x"']);
});

test('each line that reveals a value is masked, once, but not the lines that all keys share', () => {
  expect(githubMasks('-----BEGIN KEY-----\r\nabcd+fgh/1\nabcd+fgh/1\n')).toEqual(['::add-mask::abcd+fgh/1']);
});

test('a value too short to be searched for is not masked either: every log would lose it', () => {
  expect(githubMasks('admin')).toEqual([]);
});
