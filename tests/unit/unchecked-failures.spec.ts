import { expect, test } from '@playwright/test';
import { createUncheckedFailures } from '../../src/broker/unchecked-failures.js';
import { declareSession, flowWithCheck, flowWithoutCheck } from '../support/declared-session.js';

function failures() {
  const warnings: string[] = [];
  return { warnings, unchecked: createUncheckedFailures((warning) => warnings.push(warning)) };
}

test('a failed test with a restored session that has no check is explained, with the command', () => {
  const { warnings, unchecked } = failures();
  unchecked.handedOut('first', 'restored');
  unchecked.failed(declareSession({ name: 'user', flow: flowWithoutCheck }), 'first');
  unchecked.failed(declareSession({ name: 'by-hand', type: 'recorder', flow: undefined }), 'first');
  expect(warnings).toEqual([
    expect.stringMatching(/"user", which was restored\. It has no check.* renew user$/),
    expect.stringMatching(/record by-hand$/),
  ]);
});

test('a failed test with a new session, or one with a check, is not explained', () => {
  const { warnings, unchecked } = failures();
  unchecked.handedOut('first', 'restored');
  unchecked.handedOut('second', 'created');
  unchecked.failed(declareSession({ flow: flowWithCheck }), 'first');
  unchecked.failed(declareSession({ flow: flowWithoutCheck }), 'second');
  expect(warnings).toEqual([]);
});
