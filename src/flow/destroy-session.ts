import { asSentence } from '../core/as-sentence.js';
import type { AuthFlow, CheckTools } from '../core/auth-flow.js';
import { AuthSessionsError } from '../core/errors.js';
import type { FlowOptions } from './flow-options.js';
import { runCheck, type CheckJob } from './run-check.js';

/**
 * Signs out with a flow's `destroy`. Returns whether the flow has one.
 *
 * @throws AuthSessionsError `ERR_SIGN_OUT_FAILED`
 */
export async function destroySession(
  job: CheckJob,
  { check, destroy }: AuthFlow<string>,
  options: FlowOptions,
): Promise<boolean> {
  if (!destroy) return false;
  const signOut = async (tools: CheckTools) => (await destroy(tools), true);
  const failure = await runCheck(job, signOut, { ...options, named: destroy }).then(
    () => undefined,
    messageOf,
  );
  job.signal.throwIfAborted();
  // The check knows better than the flow: a sign-out may have come before this one.
  const answer = check && (await runCheck(job, check, options).catch(() => undefined));
  if (answer ? !answer.signedIn : failure === undefined) return true;
  throw notSignedOut(job.session.name, failure ?? "The flow's check still passes.");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? asSentence(error.message) : 'It threw something.';
}

function notSignedOut(session: string, known: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SIGN_OUT_FAILED',
    {
      failed: `Session "${session}": its flow did not sign out.`,
      known,
      next: 'Fix destroy in the flow. If the application cannot end a session, leave destroy out.',
    },
    { session },
  );
}
