import { expect, test } from '@playwright/test';
import { namesOf } from '../../src/cli/init/ask-questions.js';

test('a name that is given twice is one session', () => {
  expect(namesOf(' admin, auditor,,admin ')).toEqual(['admin', 'auditor']);
  expect(namesOf(undefined)).toEqual([]);
});
