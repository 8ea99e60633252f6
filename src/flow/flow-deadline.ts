import { sessionDefaults } from '../core/session-defaults.js';
import { AuthSessionsError } from '../core/errors.js';
import type { FlowJob } from '../core/ports.js';
import { createDeadline, type Deadline } from '../time/deadline.js';
import type { FlowOptions } from './flow-options.js';

/**
 * Runs `work` within the time that its flow may take.
 *
 * @throws AuthSessionsError `ERR_SIGN_IN_TIMEOUT`
 */
export async function withFlowDeadline<Result>(
  { session, signal }: FlowJob,
  { debugging }: Pick<FlowOptions, 'debugging'>,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const seconds = session.flow?.timeoutSeconds ?? sessionDefaults.timeoutSeconds;
  const deadline = createDeadline(debugging ? Infinity : seconds * 1000, signal, () =>
    timedOut(session.name, seconds),
  );
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

function timedOut(session: string, seconds: number): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SIGN_IN_TIMEOUT',
    {
      failed: `Session "${session}": its flow did not end within ${seconds} s.`,
      known: 'Time spent waiting for a code does not count.',
      next: 'Fix the flow, or raise its timeoutSeconds. PWDEBUG=1 shows its browser.',
    },
    { session },
  );
}
