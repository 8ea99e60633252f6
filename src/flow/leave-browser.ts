import { canBindToDevice } from '../browser/device-binding.js';
import type { AuthFlow } from '../core/auth-flow.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowJob } from '../core/ports.js';
import type { StorageState } from '../core/storage-state.js';
import { asksByRequest } from './destructured-names.js';
import { contextOptionsOf, type FlowBrowserOptions } from './flow-context.js';
import { repeatCheck } from './repeat-check.js';
import { requireLeave } from './require-leave.js';
import { stayingReasons, type StayingFacts, type StayingReason } from './staying-reasons.js';

/** What a sign-in left. */
export type MadeState = Pick<StayingFacts, 'keys' | 'isDeviceBound'> & { readonly state: StorageState };

type Check = NonNullable<AuthFlow<string>['check']>;
type Ask = (check: Check, from: StorageState) => Promise<{ signedIn: boolean; state: StorageState }>;

export interface LeaveOptions extends Pick<FlowBrowserOptions, 'planFor'> {
  readonly clock: Clock;
  /** Runs a check in a fresh context with a state. */
  readonly ask: Ask;
}

/**
 * Requires the flow's check to pass in a fresh context with the state of a sign-in, as tests get it. Returns the state
 * after the check. What may keep a state from working elsewhere is noted if no check has shown that it does.
 *
 * @throws AuthSessionsError `ERR_STATE_NOT_PORTABLE` or `ERR_SESSION_DEVICE_BOUND`
 */
export async function leaveBrowser(
  job: FlowJob,
  made: MadeState,
  { clock, planFor, ask }: LeaveOptions,
): Promise<StorageState> {
  const check = job.session.flow?.check;
  const plan = planFor(job.place.project);
  const canBind = made.isDeviceBound && (await canBindToDevice(plan));
  const byRequest = check !== undefined && asksByRequest(check);
  const reasons = stayingReasons({ ...made, byRequest, plan, contextOptions: contextOptionsOf(job, plan) });
  const state = check
    ? await prove(job, made.state, { clock, reasons, ask: (from) => ask(check, from) })
    : made.state;
  if (made.isDeviceBound) job.onBindingAsked?.();
  // A session that the browser bound ends in minutes, although it works now.
  const unproven = check ? reasons.filter(({ code }) => code && canBind) : reasons;
  for (const { known, next } of unproven) job.note?.(`${known} ${next}`);
  return state;
}

interface ProveOptions {
  readonly clock: Clock;
  /** What a fresh context has not, the surest first. */
  readonly reasons: readonly StayingReason[];
  readonly ask: (from: StorageState) => ReturnType<Ask>;
}

async function prove(
  job: FlowJob,
  made: StorageState,
  { clock, reasons, ask }: ProveOptions,
): Promise<StorageState> {
  const { session, signal } = job;
  let state = made;
  let answer = '';
  const proven = await repeatCheck({ attempts: session.checkAttempts, clock, signal }, async () => {
    try {
      const checked = await ask(state);
      if (checked.signedIn) return session.writeBack === false ? made : checked.state;
      state = checked.state;
      answer = 'returned false';
    } catch (error) {
      answer = `threw (${error instanceof Error ? error.message.replace(/\.$/, '') : 'something'})`;
    }
    requireLeave(job);
    return undefined;
  });
  if (proven) return proven;
  throw new AuthSessionsError(
    reasons[0]?.code ?? 'ERR_STATE_NOT_PORTABLE',
    {
      failed: `Session "${session.name}": its state works only in the browser that signed in.`,
      known: [
        `The flow's check passed there, and ${answer} in a fresh context with the state.`,
        ...reasons.map(({ known }) => known),
      ].join(' '),
      next:
        reasons[0]?.next ??
        'Let check open its own page. If it does, find out what else a session is bound to.',
    },
    { session: session.name },
  );
}
