import type { Page } from '@playwright/test';
import { captureState } from '../browser/capture-state.js';
import type { AuthFlow } from '../core/auth-flow.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowJob } from '../core/ports.js';
import { publicUrl } from '../core/public-url.js';
import { isEmptyState } from '../core/storage-state.js';
import type { Redactor } from '../redaction/redactor.js';
import { cleanMessage } from './clean-message.js';
import type { Deadline } from '../time/deadline.js';
import { baseURLOf } from './flow-context.js';
import { createExtendTimeout } from './flow-deadline.js';
import { registerStateOf } from './register-state.js';
import { repeatCheck } from './repeat-check.js';

export interface VerifyOptions {
  /** The flow's check, if it has one. */
  readonly check: AuthFlow<string>['check'];
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly deadline: Pick<Deadline, 'signal' | 'extend'>;
}

/**
 * Requires the flow's check to pass after a sign-in; without a check, any cookies or storage suffice.
 *
 * @throws AuthSessionsError `ERR_NOT_SIGNED_IN`
 */
export async function verifySignedIn(
  job: FlowJob,
  page: Page,
  { check, clock, redactor, deadline }: VerifyOptions,
): Promise<void> {
  let reason = 'It left no cookies and no storage';
  if (!check) {
    if (!isEmptyState(await captureState(page.context()))) return;
  } else {
    const passed = await repeatCheck(
      { attempts: job.session.checkAttempts, clock, signal: deadline.signal },
      async () => {
        reason = "The flow's check returned false right after it";
        try {
          return (await askCheck(check, { job, page, deadline })) || undefined;
        } catch (error) {
          await registerStateOf(page.context(), job.session.name, redactor);
          reason = `The flow's check threw: ${cleanMessage(error, (text) => redactor.redact(text))}`;
          return undefined;
        }
      },
    );
    if (passed) return;
  }
  throw new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `Session "${job.session.name}": its flow ended without being signed in.`,
      known: `${reason}.\nThe page was ${publicUrl(redactor.redact(page.url())) ?? ''}.`,
      next: 'Let the flow wait for an element visible only when signed in, or fix its check.',
    },
    { session: job.session.name },
  );
}

export interface AskCheckOptions {
  readonly job: FlowJob;
  readonly page: Page;
  readonly deadline: Pick<Deadline, 'signal' | 'extend'>;
}

/** Runs a flow's check with a page, and with the page's cookies. */
export async function askCheck(
  check: NonNullable<AuthFlow<string>['check']>,
  { job, page, deadline }: AskCheckOptions,
): Promise<boolean> {
  const context = page.context();
  return check({
    ...{ page, context, request: context.request, baseURL: baseURLOf(job) },
    extendTimeout: createExtendTimeout(deadline),
    signal: deadline.signal,
  });
}
