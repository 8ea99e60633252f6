import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import type { AuthSessionsErrorCode } from '../../src/core/error-codes.js';
import {
  AuthSessionsError,
  AccountLockedError,
  CredentialsRejectedError,
  HumanNeededError,
  distinctErrors,
  finalAnswerOf,
  joinErrors,
} from '../../src/core/errors.js';

/** Users write these into their own tools: one is never renamed, and never means anything else. */
const codes = [
  'ERR_CONFIG_INVALID',
  'ERR_CONFIG_NOT_WRAPPED',
  'ERR_SESSIONS_FILE_MISSING',
  'ERR_SESSIONS_FILE_BROKEN',
  'ERR_SESSION_UNKNOWN',
  'ERR_SESSION_TYPE',
  'ERR_SESSION_REQUIRED',
  'ERR_PARAMETER_UNKNOWN',
  'ERR_PROXY_PINNED',
  'ERR_HEADERS_INVALID',
  'ERR_HEADERS_UNSUPPORTED',
  'ERR_REFERENCE_INVALID',
  'ERR_FLOW_MISSING',
  'ERR_FLOW_BROKEN',
  'ERR_ENVIRONMENT_MISSING',
  'ERR_SECRET_MISSING',
  'ERR_VAULT_CREDENTIAL_INVALID',
  'ERR_VAULT_APP_UNAVAILABLE',
  'ERR_VAULT_DENIED',
  'ERR_VAULT_NOT_FOUND',
  'ERR_VAULT_AMBIGUOUS',
  'ERR_VALUE_UNUSABLE',
  'ERR_VAULT_RATE_LIMITED',
  'ERR_VAULT_UNREACHABLE',
  'ERR_VAULT_UNTRUSTED',
  'ERR_VAULT_BUDGET_SPENT',
  'ERR_VAULT_FAILED',
  'ERR_LEAST_PRIVILEGE',
  'ERR_LOCAL_FILE_INVALID',
  'ERR_LOCAL_CREDENTIAL_MISSING',
  'ERR_TOTP_SEED_INVALID',
  'ERR_TOTP_NOT_DECLARED',
  'ERR_TOTP_UNAVAILABLE',
  'ERR_TOTP_MISMATCH',
  'ERR_MAILBOX_NOT_DECLARED',
  'ERR_MAILBOX_REFUSED',
  'ERR_MAILBOX_UNREACHABLE',
  'ERR_MAIL_MISSING',
  'ERR_MAIL_UNREADABLE',
  'ERR_WEBSITE_MISMATCH',
  'ERR_CREDENTIALS_REJECTED',
  'ERR_ACCOUNT_LOCKED',
  'ERR_HUMAN_NEEDED',
  'ERR_SIGN_IN_FAILED',
  'ERR_SIGN_IN_TIMEOUT',
  'ERR_BASE_URL_MISSING',
  'ERR_APPLICATION_UNREACHABLE',
  'ERR_NOT_SIGNED_IN',
  'ERR_STATE_NOT_PORTABLE',
  'ERR_SESSION_DEVICE_BOUND',
  'ERR_SIGN_OUT_FAILED',
  'ERR_SESSION_EXPIRED',
  'ERR_SESSION_SIGNED_OUT',
  'ERR_SESSION_BUSY',
  'ERR_SESSION_IN_USE',
  'ERR_LEASE_LOST',
  'ERR_RECORDING_NEEDED',
  'ERR_BROWSER_MISSING',
  'ERR_BROWSER_FAILED',
  'ERR_DISPLAY_MISSING',
  'ERR_STORE_UNWRITABLE',
  'ERR_STORE_UNREACHABLE',
  'ERR_STORE_KEY_INVALID',
  'ERR_FOLDER_NOT_PRIVATE',
  'ERR_STATE_TOO_LARGE',
  'ERR_STATE_REPLACED',
  'ERR_PASSKEY_COUNTER_SPENT',
  'ERR_BROKER_UNREACHABLE',
  'ERR_BROKER_NOT_STARTED',
  'ERR_BROKER_LOST',
  'ERR_BROKER_REQUEST',
  'ERR_PLAYWRIGHT_UNKNOWN',
  'ERR_PLAYWRIGHT_TOO_OLD',
  'ERR_STOPPED',
  'ERR_USAGE',
  'ERR_PLAYWRIGHT_MISSING',
  'ERR_PLAYWRIGHT_CONFIG',
  'ERR_FILE_UNUSABLE',
  'ERR_UNEXPECTED',
] as const satisfies AuthSessionsErrorCode[];

test('has these codes, and keeps each of them', () => {
  // Fails to compile when the union has a code that the list has not.
  const all: readonly (typeof codes)[number][] = codes satisfies readonly AuthSessionsErrorCode[];
  const rest: Exclude<AuthSessionsErrorCode, (typeof codes)[number]>[] = [];
  expect(rest).toEqual([]);
  const source = readFileSync(join(import.meta.dirname, '../../src/core/error-codes.ts'), 'utf8');
  expect(source.match(/(?<=\| ')ERR_[A-Z_]+/g)).toEqual(all);
});

test('a message has three parts and its code', () => {
  const explanation = {
    failed: 'Session "admin" failed.',
    known: 'The page was /sign-in.',
    next: 'Look there.',
  };
  const error = new AuthSessionsError('ERR_SIGN_IN_FAILED', explanation, {
    session: 'admin',
    reference: 'op://a/b/c',
  });
  expect(String(error)).toBe(
    'AuthSessionsError: Session "admin" failed. The page was /sign-in. Look there. [ERR_SIGN_IN_FAILED]',
  );
  expect(error).toMatchObject({
    code: 'ERR_SIGN_IN_FAILED',
    explanation,
    session: 'admin',
    reference: 'op://a/b/c',
  });
  expect(error).toBeInstanceOf(Error);
});

test('a message leaves out an unknown part', () => {
  expect(new AuthSessionsError('ERR_STOPPED', { failed: 'It stopped.', next: 'Run again.' }).message).toBe(
    'It stopped. Run again. [ERR_STOPPED]',
  );
});

test('keeps its cause, if it has one', () => {
  const cause = new Error('why');
  const explanation = { failed: 'No.', next: 'Yes.' };
  expect(new AuthSessionsError('ERR_STOPPED', explanation, { cause }).cause).toBe(cause);
  expect('cause' in new AuthSessionsError('ERR_STOPPED', explanation)).toBe(false);
});

test.describe('several errors', () => {
  const errors = (['ERR_FLOW_MISSING', 'ERR_REFERENCE_INVALID'] as const).map(
    (code, index) =>
      new AuthSessionsError(
        code,
        { failed: `Thing ${index}.`, next: 'Mend it.' },
        { session: `session-${index}` },
      ),
  );

  test('are reported together, under the code of the first', () => {
    const joined = joinErrors(errors);
    expect(joined).toMatchObject({ code: 'ERR_FLOW_MISSING', session: 'session-0' });
    expect(joined.message.split('\n')).toEqual([
      '2 things are wrong. ',
      '  - Thing 0. Mend it. [ERR_FLOW_MISSING]',
      '  - Thing 1. Mend it. [ERR_REFERENCE_INVALID] ',
      'Fix them all, then run again. [ERR_FLOW_MISSING]',
    ]);
    expect((joined.cause as AggregateError).errors).toEqual(errors);
  });

  test('are the error itself when there is but one', () => {
    expect(joinErrors(errors.slice(0, 1))).toBe(errors[0]);
  });

  test('are reported once when several say the same', () => {
    const [first, second] = errors;
    const again = errors.map(
      ({ code, explanation, session }) => new AuthSessionsError(code, explanation, { session }),
    );
    expect(distinctErrors([...errors, ...again])).toEqual([first, second]);
    expect(joinErrors([...errors.slice(0, 1), ...again.slice(0, 1)])).toBe(first);
  });

  test("are a caller's mistake when the list is empty", () => {
    expect(() => joinErrors([])).toThrow(new TypeError('joinErrors needs at least one error'));
  });
});

test('knows a rejection of credentials by its code, from whichever copy of the class', () => {
  expect(finalAnswerOf(new CredentialsRejectedError('no'))).toBe('ERR_CREDENTIALS_REJECTED');
  const foreign = Object.assign(new Error('no'), { code: 'ERR_CREDENTIALS_REJECTED' });
  expect(finalAnswerOf(foreign)).toBe('ERR_CREDENTIALS_REJECTED');
  expect(finalAnswerOf(new AccountLockedError('no'))).toBe('ERR_ACCOUNT_LOCKED');
  expect(finalAnswerOf(new HumanNeededError('no'))).toBe('ERR_HUMAN_NEEDED');
  const others = [
    new Error('no'),
    Object.assign(new Error(), { code: 'ENOENT' }),
    { code: foreign.code },
    'no',
    undefined,
  ];
  for (const other of others) expect(finalAnswerOf(other)).toBeUndefined();
  expect(String(new CredentialsRejectedError('The page said no'))).toBe(
    'CredentialsRejectedError: The page said no',
  );
});

for (const customInspect of [true, false])
  test(`an error prints its message, code and flow line alone, ${customInspect ? 'logged' : 'uncaught'}`, () => {
    const error = new AuthSessionsError(
      'ERR_SIGN_IN_FAILED',
      { failed: 'Session "admin" cannot sign in.', next: 'Correct the flow.' },
      {
        session: 'admin',
        evidence: { url: 'https://shop.example', title: 'Shop', screenshot: 'iVBORw0KGgo'.repeat(1_000) },
        flowLine: 'at create (/project/flow.ts:7:3)',
      },
    );

    const printed = inspect(error, { customInspect });

    expect(printed).toContain(
      'Session "admin" cannot sign in. Correct the flow. [ERR_SIGN_IN_FAILED]\n    at create (/',
    );
    expect(printed).toContain("code: 'ERR_SIGN_IN_FAILED'");
    expect(printed).not.toMatch(/iVBOR|evidence|explanation|undefined|flowLine/);
    expect(printed.split('\n').filter((line) => !/^ +at /.test(line))).toHaveLength(3);
    expect(error.evidence?.screenshot).toContain('iVBOR');
    expect(Object.keys(error)).toEqual(['code']);
  });
