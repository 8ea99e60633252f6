import type { Page } from '@playwright/test';
import type { CreateTools, Credentials } from '../core/auth-flow.js';
import { AuthSessionsError } from '../core/errors.js';
import type { FlowJob, SignInCredentials } from '../core/ports.js';
import type { Deadline } from '../time/deadline.js';
import { baseURLOf } from './flow-context.js';
import { createExtendTimeout } from './flow-deadline.js';

/** The tools for a flow's `create`. Waiting for a code does not count towards its time limit. */
export function createTools(
  { session, values, nextCode, ...job }: FlowJob & SignInCredentials,
  page: Page,
  deadline: Deadline,
): Omit<CreateTools<string>, 'mailbox' | 'person'> {
  const context = page.context();
  return {
    page,
    context,
    request: context.request,
    credentials: knownParametersOnly(values, session.name),
    totp: () =>
      deadline.pause(async () => {
        const code = await nextCode(deadline.signal);
        job.mayGoOn?.();
        return code;
      }),
    baseURL: baseURLOf({ session, ...job }),
    extendTimeout: createExtendTimeout(deadline),
    signal: deadline.signal,
  };
}

/**
 * Makes reading a misspelt parameter an error instead of an empty field. Properties that JavaScript reads from any
 * object, for example to await or print it, are exempt.
 */
function knownParametersOnly(values: Readonly<Record<string, string>>, session: string): Credentials<string> {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name) || isAskedOfAll(name))
        return Reflect.get(target, name) as string;
      throw new AuthSessionsError(
        'ERR_PARAMETER_UNKNOWN',
        {
          failed: `Session "${session}" has no parameter "${name}".`,
          known: `Its flow reads credentials.${name}. The session has: ${Object.keys(target).join(', ')}.`,
          next: `Add ${name}: "op://…" to its parameters, or fix the flow.`,
        },
        { session },
      );
    },
  });
}

function isAskedOfAll(name: string): boolean {
  return name === 'then' || name === 'toJSON' || name in Object.prototype;
}
