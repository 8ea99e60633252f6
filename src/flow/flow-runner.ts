import { captureState } from '../browser/capture-state.js';
import { sendHeaders } from '../browser/send-headers.js';
import type { AuthFlow, CheckTools } from '../core/auth-flow.js';
import { sessionDefaults } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { asSentence } from '../core/as-sentence.js';
import { AuthSessionsError } from '../core/errors.js';
import { withRequestCookies } from '../core/partitioned-cookies.js';
import { emptyState, type StorageState } from '../core/storage-state.js';
import type { AskPerson, Clock, FlowJob, FlowRunner } from '../core/ports.js';
import type { Redactor } from '../redaction/redactor.js';
import { createDeadline, type Deadline } from '../time/deadline.js';
import { cleanMessage } from './clean-message.js';
import { createByRequest } from './create-by-request.js';
import { asksByRequest } from './destructured-names.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { baseURLOf, withContext, withRequest, type FlowBrowserOptions } from './flow-context.js';
import { gatherEvidence } from './flow-evidence.js';
import { guardWebsites } from './guard-websites.js';
import { createFlowTrail } from './flow-trail.js';
import { headersFrom } from './headers-from.js';
import { watchingCalls, type CallWatcher } from './playwright-calls.js';
import { leaveBrowser } from './leave-browser.js';
import { registerState, registerStateOf } from './register-state.js';
import { requireLeave } from './require-leave.js';
import { withAccess } from './with-access.js';
import { withTools } from './with-tools.js';
import { askCheck, verifySignedIn } from './verify-signed-in.js';
import { watchBinding } from './watch-binding.js';

export interface FlowRunnerOptions extends FlowBrowserOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Time limits are off while a person debugs. */
  readonly debugging: boolean;
  /** For `person.code`. [fails with `ERR_HUMAN_NEEDED`] */
  readonly askPerson?: AskPerson | undefined;
}

/** Runs flows in the kind of browser that the tests use, in a separate context outside every trace and report. */
export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  const { clock, redactor } = options;
  const redact = (text: string) => redactor.redact(text);
  return {
    async create(asked) {
      const job = withAccess(asked);
      if (!job.session.flow && job.from?.access) return job.from;
      const flow = requireFlow(job.session);
      if (job.from) registerState(job.from, job.session.name, redactor);
      if (asksByRequest(flow.create)) return createWithoutBrowser(job, flow);
      const made = await withDeadline(job, options, (deadline) =>
        withContext(job, options, async (context, restored) => {
          const binding = watchBinding(context);
          const page = await context.newPage();
          const trail = createFlowTrail(page, () => clock.nowMs());
          try {
            await watchingCalls(context, onlyWhile(job, trail.watcher), async () => {
              requireLeave(job);
              const guard = { owner: context, request: context.request, clock };
              const created = await guardWebsites(job, guard, (guarded) =>
                withTools(guarded, page, {
                  options: { ...options, deadline },
                  create: (tools) => deadline.race(flow.create(tools)),
                }),
              );
              const headers = headersFrom(created, job);
              if (headers) registerState({ ...emptyState, headers }, job.session.name, redactor);
              if (headers) await sendHeaders(context, headers);
              const { signal } = deadline;
              await deadline.race(verifySignedIn(job, page, { check: flow.check, clock, redactor, signal }));
            });
            const state = await deadline.race(captureState(context, { restored }));
            registerState(state, job.session.name, redactor);
            return {
              state,
              isDeviceBound: binding.isDeviceBound(),
              keys: (await binding.findKeys()).map(redact),
            };
          } catch (error) {
            job.signal.throwIfAborted();
            await registerStateOf(context, job.session.name, redactor);
            const evidence = await gatherEvidence(page, redactor, trail);
            throw explainSignInFailure(error, job.session.name, { redact, evidence });
          }
        }),
      );
      return leaveBrowser(job, made, {
        ...options,
        ask: (check, from) => ask({ ...job, from }, { named: check, check }),
      });
    },
    async check(job) {
      const { check } = requireFlow(job.session);
      if (!check) return { signedIn: true, state: job.from };
      return ask(job, { named: check, check });
    },
    async destroy(job) {
      const { check, destroy } = requireFlow(job.session);
      if (!destroy) return false;
      const signOut = { named: destroy, check: async (tools: CheckTools) => (await destroy(tools), true) };
      const failure = await ask(job, signOut).then(() => undefined, messageOf);
      job.signal.throwIfAborted();
      // The check knows better than the flow: a sign-out may have come before this one.
      const answer = check && (await ask(job, { named: check, check }).catch(() => undefined));
      if (answer ? !answer.signedIn : failure === undefined) return true;
      throw notSignedOut(job.session.name, failure ?? "The flow's check still passes.");
    },
  };

  async function createWithoutBrowser(job: CreateJob, flow: AuthFlow<string>): Promise<StorageState> {
    const { check } = flow;
    requireLeave(job);
    return withDeadline(job, options, (deadline) =>
      createByRequest(job, {
        ...options,
        flow,
        deadline,
        watching: (watcher) => onlyWhile(job, watcher),
        ask: check && ((from) => ask({ ...job, from }, { named: check, check })),
      }),
    );
  }

  /** Runs a check, or what has the tools of one. Whether it needs a browser is read from `named`. */
  async function ask(job: CheckJob, { named, check }: { named: Named; check: Check }): Promise<CheckResult> {
    requireLeave(job);
    registerState(job.from, job.session.name, redactor);
    const checked = withDeadline(job, options, (deadline) =>
      asksByRequest(named) ? checkByRequest(job, check, deadline) : checkInPage(job, check, deadline),
    );
    return checked.catch((error: unknown) => {
      throw new Error(cleanMessage(error, redact));
    });
  }

  async function checkInPage(job: CheckJob, check: Check, deadline: Deadline): Promise<CheckResult> {
    return withContext(job, options, async (context, restored) => {
      try {
        const page = await context.newPage();
        const { signal } = deadline;
        const ask = () => deadline.race(askCheck(check, { job, page, signal }));
        const signedIn = await watchingCalls(context, onlyWhile(job), ask);
        return { signedIn, state: await deadline.race(captureState(context, { restored })) };
      } catch (error) {
        await registerStateOf(context, job.session.name, redactor);
        throw error;
      }
    });
  }

  async function checkByRequest(job: CheckJob, check: Check, deadline: Deadline): Promise<CheckResult> {
    return withRequest(job, options, async (request) => {
      const tools = { request, baseURL: baseURLOf(job), signal: deadline.signal } as CheckTools;
      const stateNow = async () => withRequestCookies(job.from, (await request.storageState()).cookies);
      try {
        const ask = () => deadline.race(Promise.resolve(check(tools)));
        const signedIn = await watchingCalls(request, onlyWhile(job), ask);
        return { signedIn, state: await stateNow() };
      } catch (error) {
        registerState(await stateNow(), job.session.name, redactor);
        throw error;
      }
    });
  }
}

/** Nothing is sent to the application once the job must not go on. */
function onlyWhile(job: FlowJob, watcher: CallWatcher = watchNothing): CallWatcher {
  return (call) => {
    requireLeave(job);
    return watcher(call);
  };
}

const watchNothing: CallWatcher = () => () => undefined;

type Check = NonNullable<AuthFlow<string>['check']>;
type Named = (...tools: never[]) => unknown;
type CreateJob = Parameters<FlowRunner['create']>[0];
type CheckJob = Parameters<FlowRunner['check']>[0];
type CheckResult = Awaited<ReturnType<FlowRunner['check']>>;

function requireFlow({ flow, name }: DeclaredSession): AuthFlow<string> {
  if (flow) return flow;
  throw new TypeError(`Session "${name}" has no flow to run`);
}

async function withDeadline<Result>(
  { session, signal }: FlowJob,
  { debugging }: FlowRunnerOptions,
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
