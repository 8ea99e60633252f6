import { AuthSessionsError, isCredentialsRejected, type Evidence } from '../core/errors.js';

/**
 * What a sign-in that failed says, whatever it was thrown with. `redact` goes over the message; the error itself
 * is not kept as a cause, as Playwright writes what was typed into its call log.
 */
export function explainSignInFailure(
  error: unknown,
  session: string,
  redact: (text: string) => string = (text) => text,
  evidence?: Evidence,
): AuthSessionsError {
  if (error instanceof AuthSessionsError)
    return evidence
      ? new AuthSessionsError(error.code, error.explanation, {
          session: error.session,
          reference: error.reference,
          evidence,
        })
      : error;
  const told = sentence(redact(isCredentialsRejected(error) ? error.message.trim() : messageOf(error)));
  const where = evidence
    ? ` The page was ${evidence.url}${evidence.title ? ` ("${evidence.title}")` : ''}.`
    : '';
  if (isCredentialsRejected(error))
    return new AuthSessionsError(
      'ERR_CREDENTIALS_REJECTED',
      {
        failed: `Session "${session}": the application refused its credentials.`,
        known: `${told}${where} No other attempt is made in this run, so that the account is not locked.`,
        next: 'Check the values its references name, then run again.',
      },
      { session, evidence },
    );
  return new AuthSessionsError(
    'ERR_SIGN_IN_FAILED',
    {
      failed: `Session "${session}": its sign-in failed.`,
      known: `${told}${where}`,
      next: 'Mend the flow, or the application. PWDEBUG=1 or --headed shows the browser that signs in.',
    },
    { session, evidence },
  );
}

/** The message, and the first line of the flow it comes from. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `It threw ${typeof error}`;
  // eslint-disable-next-line no-control-regex -- Playwright colours its messages
  const message = error.message.replaceAll(/\u001b\[[0-9;]*m/g, '').trim();
  const line = error.stack
    ?.split('\n')
    .find((one) => /^\s+at .*\.[cm]?[jt]s/.test(one) && !one.includes('node_modules'));
  return `${message.slice(0, 2000)}${line ? ` (${line.trim()})` : ''}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
