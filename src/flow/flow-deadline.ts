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
  const deadline = createDeadline(debugging ? Infinity : seconds * 1000, signal, (limitMs) =>
    timedOut(session.name, limitMs / 1000),
  );
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

/**
 * The flow's `extendTimeout`. Workers wait for a session for ten minutes.
 *
 * @throws TypeError for anything but a number of milliseconds up to ten minutes
 */
export function createExtendTimeout(deadline: Pick<Deadline, 'extend'>): (ms: number) => void {
  return (ms: unknown) => {
    if (typeof ms !== 'number' || !(ms > 0 && ms <= mostMs))
      throw new TypeError(`extendTimeout takes milliseconds, from 1 to ${mostMs}. It got ${describe(ms)}.`);
    deadline.extend(ms);
  };
}

function describe(given: unknown): string {
  return typeof given === 'number' ? String(given) : `a value of type ${typeof given}`;
}

function timedOut(session: string, seconds: number): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SIGN_IN_TIMEOUT',
    {
      failed: `Session "${session}": its flow did not end within ${seconds} s.`,
      known: 'Time spent waiting for a code does not count.',
      next: 'Fix the flow, or give it more time: timeoutSeconds, or extendTimeout(ms) where it waits.',
    },
    { session },
  );
}

const mostMs = 600_000;
