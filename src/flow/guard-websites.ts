import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { interceptHops } from '../browser/intercept-requests.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowJob, SignInCredentials } from '../core/ports.js';
import type { SecretValue } from '../core/secret-value.js';
import { untilAborted } from '../time/until-aborted.js';
import { findBound, findIn } from './find-bound.js';
import { baseURLOf } from './flow-context.js';
import { interceptingSends, type Interceptor } from './intercept-sends.js';
import { targetsOf, type Targets } from './message-targets.js';
import { namesElement, sendToElement } from './send-to-element.js';
import { findMismatch } from './website-mismatch.js';

type Job = FlowJob & SignInCredentials;

export interface GuardedOwner {
  readonly owner: BrowserContext | APIRequestContext;
  /** The same, or that of the browser context. */
  readonly request: APIRequestContext;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Runs the sign-in of a flow. A value that is bound to websites goes nowhere else: the message that contains it is not
 * sent, nor any later one, and the sign-in fails, even if the flow catches the error.
 *
 * @throws AuthSessionsError `ERR_WEBSITE_MISMATCH`; `ERR_PLAYWRIGHT_UNKNOWN` if this Playwright's messages cannot be
 *   seen, because nobody would notice if values went elsewhere
 */
export async function guardWebsites<Result>(
  job: Job,
  { owner, request, clock }: GuardedOwner,
  work: (job: Job) => Promise<Result>,
): Promise<Result> {
  const { bound } = job;
  if (!bound) return work(job);
  const baseURL = baseURLOf(job);
  let refusal: (() => AuthSessionsError | undefined) | undefined;
  // What a handler of the flow sends may be refused while the flow waits for something else.
  const stop = new AbortController();

  /** A new error each time: Playwright changes the message of those it passes on. */
  function refuse(found: readonly SecretValue[], targets: Targets): void {
    for (const secret of found) {
      const find = () => findMismatch(job.session, secret, targets);
      const mismatch = find();
      if (!mismatch) continue;
      refusal ??= find;
      stop.abort(find());
      throw mismatch;
    }
  }

  function requireNone(): void {
    const before = refusal?.();
    if (before) throw before;
  }

  const watchesHops = interceptHops(request, (url, contents) => {
    requireNone();
    refuse(findIn(contents, bound.values()), [url.href]);
  });

  const interceptor: Interceptor = async (message, sending) => {
    const { object, method } = message;
    if (unsent.has(object._type) || method === 'expect' || method === '__waitInfo__') return sending.asIs();
    requireNone();
    const found = findBound(message, bound.values());
    if (found.length === 0) return sending.asIs();
    // Its redirects count too, and it knows its own base URL.
    if (watchesHops?.isOf(object) && method === 'fetch') return sending.asIs();
    const judge = (targets: Targets) => refuse(found, targets);
    if (namesElement(message)) return sendToElement(message, { sending, judge, clock });
    judge(await targetsOf(message, { sending, baseURL }));
    return sending.asIs();
  };

  const intercepting = interceptingSends(owner, interceptor);
  const requireSight = () => {
    if (!intercepting && bound.size > 0) throw unseen(job);
  };
  requireSight();
  const guarded: Job = {
    ...job,
    async nextCode(signal) {
      const code = await job.nextCode(signal);
      requireSight();
      return code;
    },
  };
  try {
    const working = intercepting ? intercepting(() => work(guarded)) : work(guarded);
    const result = await untilAborted(stop.signal, working);
    requireNone();
    return result;
  } catch (error) {
    throw refusal?.() ?? error;
  } finally {
    watchesHops?.end();
  }
}

function unseen({ session: { name } }: Job): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_PLAYWRIGHT_UNKNOWN',
    {
      failed: `Session "${name}": its values belong to websites, and it cannot be seen here where a flow types them.`,
      known: 'This version of Playwright is not known.',
      next: "Install the newest versions of Playwright and this package, or set websites: 'ignore' on the session.",
    },
    { session: name },
  );
}

/** What these get stays on this machine. */
const unsent: ReadonlySet<string> = new Set([
  ...['LocalUtils', 'Tracing', 'Artifact', 'Stream', 'WritableStream', 'JsonPipe', 'Debugger'],
]);
