import type { Page } from '@playwright/test';
import { sendHeaders } from '../browser/send-headers.js';
import type { AuthFlow } from '../core/auth-flow.js';
import type { AskPerson, Clock, FlowJob, SignInCredentials } from '../core/ports.js';
import { emptyState, withCookies, type StorageState } from '../core/storage-state.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Deadline } from '../time/deadline.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { withRequest, type FlowBrowserOptions } from './flow-context.js';
import { createFlowTrail } from './flow-trail.js';
import { guardWebsites } from './guard-websites.js';
import { headersFrom } from './headers-from.js';
import { watchingCalls, type CallWatcher } from './playwright-calls.js';
import { registerState } from './register-state.js';
import { verifyState } from './verify-state.js';
import { withTools } from './with-tools.js';

export interface CreateByRequestOptions extends FlowBrowserOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly flow: AuthFlow<string>;
  readonly deadline: Deadline;
  /** Watches the flow's calls, while the job may go on. */
  readonly watching: (watcher: CallWatcher) => CallWatcher;
  readonly askPerson?: AskPerson | undefined;
  /** Runs the flow's check, if it has one. */
  readonly ask: ((from: StorageState) => Promise<{ signedIn: boolean; state: StorageState }>) | undefined;
}

/** Signs in with a flow whose `create` takes neither `page` nor `context`, without starting a browser. */
export async function createByRequest(
  job: FlowJob & SignInCredentials,
  options: CreateByRequestOptions,
): Promise<StorageState> {
  const { flow, deadline, redactor, clock } = options;
  const { name } = job.session;
  const redact = (text: string) => redactor.redact(text);
  return withRequest(job, options, async (request) => {
    let state: StorageState = job.from ?? emptyState;
    const keepCookies = async () => {
      state = withCookies(state, (await request.storageState()).cookies);
      registerState(state, name, redactor);
    };
    const trail = createFlowTrail(undefined, () => clock.nowMs());
    try {
      const noPage = { context: () => ({ request }) } as unknown as Page;
      const created = await watchingCalls(request, options.watching(trail.watcher), () =>
        guardWebsites(job, { owner: request, request, clock }, (guarded) =>
          withTools(guarded, noPage, { options, create: (tools) => deadline.race(flow.create(tools)) }),
        ),
      );
      const headers = headersFrom(created, job);
      if (headers) state = { ...state, headers };
      await keepCookies();
      await sendHeaders(request, state.headers);
      return await deadline.race(
        verifyState(job, state, { ask: options.ask, redact, clock, signal: deadline.signal }),
      );
    } catch (error) {
      job.signal.throwIfAborted();
      await keepCookies().catch(() => undefined);
      const shown = { steps: trail.steps(redact), consoleErrors: [] };
      const evidence = { url: '', title: '', screenshot: undefined, ...shown };
      throw explainSignInFailure(error, name, { redact, evidence });
    }
  });
}
