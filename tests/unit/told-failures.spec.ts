import { expect, test } from '@playwright/test';
import { createToldFailures } from '../../src/broker/told-failures.js';
import { AuthSessionsError } from '../../src/core/errors.js';

test('a second test refers to the first, and the first gets the whole error again', () => {
  const explanation = { failed: 'No.', known: 'Long.', next: 'Fix it.' };
  const error = new AuthSessionsError('ERR_SIGN_IN_FAILED', explanation, { session: 'admin' });
  const told = createToldFailures();
  expect(told.forTest(error, 'a › one')).toBe(error);
  expect(told.forTest(error, 'a › one')).toBe(error);
  expect(told.forTest(error, 'a › two')).toMatchObject({
    message: 'No. As in the first test that asked for it: a › one. Fix it. [ERR_SIGN_IN_FAILED]',
    session: 'admin',
  });
  expect(told.forTest(error, undefined)).toBe(error);
  const other = new Error('other');
  expect(told.forTest(other, 'a › two')).toBe(other);
});
