import type { Page } from '@playwright/test';
import { sendHeaders } from '../browser/send-headers.js';
import type { AuthFlow } from '../core/auth-flow.js';
import type { FlowJob, SignInCredentials } from '../core/ports.js';
import { emptyState, withCookies, type StorageState } from '../core/storage-state.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { baseURLOf, withRequest } from './flow-context.js';
import { withFlowDeadline } from './flow-deadline.js';
import type { FlowOptions } from './flow-options.js';
import { trailEvidence } from './flow-evidence.js';
import { createFlowTrail } from './flow-trail.js';
import { guardWebsites } from './guard-websites.js';
import { headersFrom } from './headers-from.js';
import { watchingCalls } from './playwright-calls.js';
import { registerState } from './register-state.js';
import { onlyWithLeave, requireLeave } from './require-leave.js';
import { runCheck } from './run-check.js';
import { verifyState } from './verify-state.js';
import { withTools } from './with-tools.js';

/** Signs in with a flow whose `create` takes neither `page` nor `context`, without starting a browser. */
export async function createByRequest(
  job: FlowJob & SignInCredentials,
  flow: AuthFlow<string>,
  options: FlowOptions,
): Promise<StorageState> {
  const { redactor, clock } = options;
  const { check } = flow;
  const { name } = job.session;
  const redact = (text: string) => redactor.redact(text);
  const ask = check && ((from: StorageState) => runCheck({ ...job, from }, check, options));
  requireLeave(job);
  return withFlowDeadline(job, options, (deadline) =>
    withRequest(job, options, async (request) => {
      let state: StorageState = job.from ?? emptyState;
      const keepCookies = async () => {
        state = withCookies(state, (await request.storageState()).cookies);
        registerState(state, name, redactor);
      };
      const trail = createFlowTrail(undefined, () => clock.nowMs());
      try {
        const noPage = { context: () => ({ request }) } as unknown as Page;
        const created = await watchingCalls(request, onlyWithLeave(job, trail.watcher), () =>
          guardWebsites(job, { owner: request, request, clock }, (guarded) =>
            withTools(guarded, noPage, {
              options: { ...options, deadline },
              create: (tools) => deadline.race(flow.create(tools)),
            }),
          ),
        );
        const headers = headersFrom(created, job);
        if (headers) state = { ...state, headers };
        await keepCookies();
        await sendHeaders(request, state.headers);
        return await deadline.race(verifyState(job, state, { ask, redact, clock, signal: deadline.signal }));
      } catch (error) {
        job.signal.throwIfAborted();
        await keepCookies().catch(() => undefined);
        const evidence = { url: '', title: '', screenshot: undefined, ...trailEvidence(trail, redact) };
        throw explainSignInFailure(error, name, { redact, evidence, baseURL: baseURLOf(job) });
      }
    }),
  );
}
