import { AuthSessionsError } from './errors.js';

/**
 * The error for tests that choose no session in a project that requires it.
 *
 * @param tests each as `tests/a.spec.ts:3:5 › title`, if they are known
 */
export function sessionRequired(
  tests: readonly string[] = [],
  { withoutOption = false }: { readonly withoutOption?: boolean } = {},
): AuthSessionsError {
  const count = tests.length > 1 ? `${tests.length} tests name` : 'A test names';
  const shown = tests.slice(0, mostShown).map((test) => `\n  ${test}`);
  const rest = tests.length > mostShown ? `\n  … and ${tests.length - mostShown} more` : '';
  const other = withoutOption
    ? " The test function of @playwright/test has no sessions: import test from 'playwright-auth-sessions'."
    : '';
  return new AuthSessionsError('ERR_SESSION_REQUIRED', {
    failed: `${count} no session, and requireAuthSession is set.${shown.join('')}${rest}${shown.length > 0 ? '\n' : ''}`,
    known: `Without a session a test starts signed out.${other}`,
    next: "Name one: test.use({ authSession: 'admin' }), or say test.use({ authSession: null }).",
  });
}

const mostShown = 20;
