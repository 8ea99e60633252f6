import { captureState } from '../browser/capture-state.js';
import type { AuthFlow, CheckTools } from '../core/auth-flow.js';
import { withRequestCookies } from '../core/partitioned-cookies.js';
import type { FlowRunner } from '../core/ports.js';
import type { Deadline } from '../time/deadline.js';
import { asksByRequest } from './destructured-names.js';
import { explainCheckFailure } from './explain-check-failure.js';
import { baseURLOf, withContext, withRequest } from './flow-context.js';
import { createExtendTimeout, withFlowDeadline } from './flow-deadline.js';
import type { FlowOptions } from './flow-options.js';
import { createLastCall } from './last-call.js';
import { watchingCalls } from './playwright-calls.js';
import { registerState, registerStateOf } from './register-state.js';
import { onlyWithLeave, requireLeave } from './require-leave.js';
import { askCheck } from './verify-signed-in.js';

export type Check = NonNullable<AuthFlow<string>['check']>;
export type CheckJob = Parameters<FlowRunner['check']>[0];
export type CheckResult = Awaited<ReturnType<FlowRunner['check']>>;

export interface RunCheckOptions extends FlowOptions {
  /** The function whose parameters say whether a browser is needed. [the check] */
  readonly named?: (...tools: never[]) => unknown;
}

/** Runs a flow's check with the job's state: in a fresh context, or by requests if it takes no page. */
export async function runCheck(job: CheckJob, check: Check, options: RunCheckOptions): Promise<CheckResult> {
  const { redactor, named = check } = options;
  requireLeave(job);
  registerState(job.from, job.session.name, redactor);
  const run = asksByRequest(named) ? checkByRequest : checkInPage;
  const checked = withFlowDeadline(job, options, (deadline) => run(job, check, { ...options, deadline }));
  return checked.catch((error: unknown) => {
    const redact = (text: string) => redactor.redact(text);
    throw explainCheckFailure(error, job.session.name, { redact, baseURL: baseURLOf(job) });
  });
}

interface CheckOptions extends FlowOptions {
  readonly deadline: Deadline;
}

async function checkInPage(job: CheckJob, check: Check, options: CheckOptions): Promise<CheckResult> {
  const { deadline, redactor } = options;
  return withContext(job, options, async (context, restored) => {
    const last = createLastCall();
    try {
      const page = await context.newPage();
      const ask = () => deadline.race(askCheck(check, { job, page, deadline }));
      const signedIn = await watchingCalls(context, onlyWithLeave(job, last.watcher), ask);
      const seen = signedIn ? undefined : last.describe(redactor, page);
      return { signedIn, seen, state: await deadline.race(captureState(context, { restored })) };
    } catch (error) {
      await registerStateOf(context, job.session.name, redactor);
      throw error;
    }
  });
}

async function checkByRequest(job: CheckJob, check: Check, options: CheckOptions): Promise<CheckResult> {
  const { deadline, redactor } = options;
  return withRequest(job, options, async (request) => {
    const last = createLastCall();
    const tools = {
      ...{ request, baseURL: baseURLOf(job), signal: deadline.signal },
      extendTimeout: createExtendTimeout(deadline),
    } as CheckTools;
    const stateNow = async () => withRequestCookies(job.from, (await request.storageState()).cookies);
    try {
      const ask = () => deadline.race(Promise.resolve(check(tools)));
      const signedIn = await watchingCalls(request, onlyWithLeave(job, last.watcher), ask);
      return { signedIn, seen: signedIn ? undefined : last.describe(redactor), state: await stateNow() };
    } catch (error) {
      registerState(await stateNow(), job.session.name, redactor);
      throw error;
    }
  });
}
