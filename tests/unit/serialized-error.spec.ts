import { expect, test } from '@playwright/test';
import { AuthSessionsError, joinErrors } from '../../src/core/errors.js';
import { deserializeError, serializeError } from '../../src/wire/serialized-error.js';

const evidence = { url: 'https://app.example/sign-in', title: 'Sign in', screenshot: 'iVBORw0KGgo=' };
const error = new AuthSessionsError(
  'ERR_SIGN_IN_FAILED',
  { failed: 'Session "admin" failed.', known: 'The page was odd.', next: 'Look there.' },
  { session: 'admin', reference: 'op://qa/admin/password', evidence, cause: new Error('hunter2') },
);

test('an error keeps code, explanation, subject and evidence on its way', () => {
  const arrived = deserializeError(structuredClone(serializeError(error)));
  expect(arrived).toBeInstanceOf(AuthSessionsError);
  const { code, message, explanation, session, reference } = error;
  expect(arrived).toMatchObject({ code, message, explanation, session, reference, evidence });
});

test('an error is sent without its cause, which is not redacted', () => {
  expect(JSON.stringify(serializeError(error))).not.toContain('hunter2');
  expect(deserializeError(serializeError(error)).cause).toBeUndefined();
});

test('several errors arrive as they were sent', () => {
  const joined = joinErrors([error, error]);
  expect(deserializeError(structuredClone(serializeError(joined))).message).toBe(joined.message);
});

test('an error without a subject arrives without one', () => {
  const plain = new AuthSessionsError('ERR_STOPPED', { failed: 'It stopped.', next: 'Run again.' });
  const arrived = deserializeError(structuredClone(serializeError(plain)));
  expect([arrived.session, arrived.reference, arrived.evidence]).toEqual([undefined, undefined, undefined]);
  expect(arrived.message).toBe(plain.message);
});

test.describe('an unexpected error is reported by its kind and place, and never by its text', () => {
  const multiLine = new TypeError('fill("hunter2")\n    at hunter2 (hunter2.ts:1:1)\n    at hunter2');
  for (const [kind, thrown, more = ''] of [
    ['TypeError', new TypeError('password was hunter2')],
    ['TypeError', multiLine, 'over lines'],
    ['string', 'hunter2'],
    ['object', { password: 'hunter2' }],
    ['undefined', undefined],
    ['Error', Object.assign(new Error('hunter2'), { stack: undefined })],
  ] as const)
    test(`${kind} ${more}`.trim(), () => {
      const serialized = serializeError(thrown);
      expect(serialized.code).toBe('ERR_UNEXPECTED');
      expect(serialized.explanation.known).toMatch(
        new RegExp(`^A ${kind} was thrown( at .*serialized-error.spec.ts.*)?\\.$`),
      );
      expect(JSON.stringify(serialized)).not.toContain('hunter2');
    });
});
