import type { BrowserContext } from '@playwright/test';
import { captureState } from '../browser/capture-state.js';
import { sendHeaders } from '../browser/send-headers.js';
import type { AuthFlow } from '../core/auth-flow.js';
import type { FlowJob, SignInCredentials } from '../core/ports.js';
import { emptyState } from '../core/storage-state.js';
import { describeRefusal } from './describe-refusal.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { baseURLOf, withContext } from './flow-context.js';
import { withFlowDeadline } from './flow-deadline.js';
import { gatherEvidence } from './flow-evidence.js';
import type { FlowOptions } from './flow-options.js';
import { describeControls } from './named-controls.js';
import { createFlowTrail } from './flow-trail.js';
import { guardWebsites } from './guard-websites.js';
import { headersFrom } from './headers-from.js';
import type { MadeState } from './leave-browser.js';
import { watchingCalls } from './playwright-calls.js';
import { registerState, registerStateOf } from './register-state.js';
import { onlyWithLeave, requireLeave } from './require-leave.js';
import { verifySignedIn } from './verify-signed-in.js';
import { watchBinding } from './watch-binding.js';
import { withTools } from './with-tools.js';

/** Signs in with a flow whose `create` takes `page` or `context`, and with the check in the same page. */
export async function createInBrowser(
  job: FlowJob & SignInCredentials,
  flow: AuthFlow<string>,
  options: FlowOptions,
): Promise<MadeState> {
  const { clock, redactor, debug } = options;
  const { name } = job.session;
  const redact = (text: string) => redactor.redact(text);
  return withFlowDeadline(job, options, (deadline) =>
    withContext(job, options, async (context, restored) => {
      const binding = watchBinding(context);
      const page = await context.newPage();
      const trail = createFlowTrail(page, () => clock.nowMs());
      const keepTrace = await traceContext(context, name, options);
      await debug?.begin(context, name);
      try {
        await watchingCalls(context, onlyWithLeave(job, trail.watcher), async () => {
          requireLeave(job);
          const guard = { owner: context, request: context.request, clock };
          const created = await guardWebsites(job, guard, (guarded) =>
            withTools(guarded, page, {
              options: { ...options, deadline },
              create: (tools) => deadline.race(flow.create(tools)),
            }),
          );
          const headers = headersFrom(created, job);
          if (headers) registerState({ ...emptyState, headers }, name, redactor);
          if (headers) await sendHeaders(context, headers);
          await deadline.race(verifySignedIn(job, page, { check: flow.check, clock, redactor, deadline }));
        });
        await debug?.goOn(page);
        const state = await deadline.race(captureState(context, { restored }));
        registerState(state, name, redactor);
        await keepTrace('signed in');
        return {
          state,
          isDeviceBound: binding.isDeviceBound(),
          keys: (await binding.findKeys()).map(redact),
        };
      } catch (error) {
        job.signal.throwIfAborted();
        await debug?.goOn(page);
        await registerStateOf(context, name, redactor);
        const trace = await keepTrace('failed');
        const evidence = { ...(await gatherEvidence(page, redactor, trail)), trace };
        const refusal = await describeRefusal(page, {
          ...{ sent: trail.sentSecrets(redact), redact },
          sources: job.sources ?? new Map(),
        });
        const controls = trail.missesElement() ? await describeControls(page, redact) : '';
        const told = { redact, evidence, controls, refusal, baseURL: baseURLOf(job) };
        const explained = explainSignInFailure(error, name, told);
        await debug?.hold(page, { error: explained, signal: job.signal });
        throw explained;
      }
    }),
  );
}

/** Without pictures: they show typed codes. */
async function traceContext(
  context: BrowserContext,
  session: string,
  { trace }: FlowOptions,
): Promise<(end: 'signed in' | 'failed') => Promise<string | undefined>> {
  if (!trace) return () => Promise.resolve(undefined);
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false });
  return async (end) => {
    // The context closes next, and its recording is discarded.
    if (end === 'signed in' && trace.when === 'on-failure') return undefined;
    return trace.keep((file) => context.tracing.stop({ path: file }), session);
  };
}
