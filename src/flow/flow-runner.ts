import type { AuthFlow } from '../core/auth-flow.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { FlowRunner } from '../core/ports.js';
import { createByRequest } from './create-by-request.js';
import { createInBrowser } from './create-in-browser.js';
import { destroySession } from './destroy-session.js';
import { asksByRequest } from './destructured-names.js';
import type { FlowOptions } from './flow-options.js';
import { leaveBrowser } from './leave-browser.js';
import { registerState } from './register-state.js';
import { runCheck } from './run-check.js';
import { withAccess } from './with-access.js';

/** Runs flows in the kind of browser that the tests use, in a separate context outside every trace and report. */
export function createFlowRunner(options: FlowOptions): FlowRunner {
  return {
    async create(asked) {
      const job = withAccess(asked);
      if (!job.session.flow && job.from?.access) return job.from;
      const flow = requireFlow(job.session);
      if (job.from) registerState(job.from, job.session.name, options.redactor);
      if (asksByRequest(flow.create)) return createByRequest(job, flow, options);
      const made = await createInBrowser(job, flow, options);
      return leaveBrowser(job, made, {
        ...options,
        ask: (check, from) => runCheck({ ...job, from }, check, options),
      });
    },
    async check(job) {
      const { check } = requireFlow(job.session);
      return check ? runCheck(job, check, options) : { signedIn: true, state: job.from };
    },
    async destroy(job) {
      return destroySession(job, requireFlow(job.session), options);
    },
  };
}

function requireFlow({ flow, name }: DeclaredSession): AuthFlow<string> {
  if (flow) return flow;
  throw new TypeError(`Session "${name}" has no flow to run`);
}
