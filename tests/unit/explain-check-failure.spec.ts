import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { explainCheckFailure } from '../../src/flow/explain-check-failure.js';

const options = { redact: (text: string) => text.replaceAll('s3cret', '[redacted]'), baseURL: undefined };
const explain = (message: string) => explainCheckFailure(new Error(message), 'admin', options);

test('an application that does not run is named, and is no answer about the session', () => {
  const told = explain('page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:9/orders\nCall log: …');
  expect(told).toBeInstanceOf(AuthSessionsError);
  expect(told).toMatchObject({
    code: 'ERR_APPLICATION_UNREACHABLE',
    session: 'admin',
    explanation: { failed: 'Session "admin" was not checked: nothing answers at http://127.0.0.1:9.' },
  });
});

for (const message of [
  'page.goto: Timeout 30000ms exceeded.\nCall log: …',
  'apiRequestContext.get: Timeout 5000ms exceeded.',
  'apiRequestContext.get: Request timed out after 5000ms',
])
  test(`an application that hangs gives no answer: ${message.slice(0, 40).split('\n', 1)[0] ?? ''}`, () => {
    expect(explain(message)).toMatchObject({
      code: 'ERR_APPLICATION_UNREACHABLE',
      explanation: { failed: 'Session "admin" was not checked: the application did not answer in time.' },
    });
  });

test('an element that is not found may mean signed out', () => {
  const told = explain('locator.click: Timeout 5000ms exceeded. The page said s3cret');
  expect(told).not.toBeInstanceOf(AuthSessionsError);
  expect([told.message, told.cause]).toEqual([
    'locator.click: Timeout 5000ms exceeded. The page said [redacted]',
    undefined,
  ]);
});
