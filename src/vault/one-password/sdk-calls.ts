import type { Client } from '@1password/sdk';
import type { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { explainOnePasswordError } from './explain-one-password-error.js';
import { troubleOf } from './one-password-troubles.js';
import { rateLimited } from './refusals.js';
import type { SdkClient } from './sdk-client.js';
import type { SdkRequests } from './sdk-requests.js';
import { withRetries } from './with-retries.js';
import { endedBy, withinDeadline } from './within-deadline.js';

export interface SdkCallsOptions {
  readonly client: SdkClient;
  readonly requests: SdkRequests;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Calls of the SDK, with all that it lacks: a deadline, retries, another client, and errors that tell what to do. */
export interface SdkCalls {
  /** @throws AuthSessionsError; or the signal's reason */
  readonly call: <Result>(act: Act<Result>, about: CallSubject) => Promise<Result>;
  /** A new run in the same process: what broke down may be tried again. */
  readonly forgetFailures: () => void;
}

export interface CallSubject {
  /** Of a call for one reference: what its error names, and what the SDK is given for it. */
  readonly reference?: SecretReference;
  readonly text?: string;
  readonly signal: AbortSignal | undefined;
}

type Act<Result> = (client: Client) => Promise<Result>;

export function createSdkCalls({ client, requests, ...patience }: SdkCallsOptions): SdkCalls {
  let breakdowns = 0;

  /** A client that is signed in no longer makes way for another, once in a call; one that broke down, once in a run. */
  async function attempt<Result>(act: Act<Result>, text = '', maySignInAgain = true): Promise<Result> {
    const connected = await client.get();
    const moment = requests.failures.mark();
    try {
      return await requests.watch(() => act(connected));
    } catch (thrown) {
      const error = (troubleOf(thrown).vague && requests.failures.since(moment, text)) ?? thrown;
      const { panic = false, signedOut = false } = troubleOf(error);
      if (!panic && !signedOut) throw error;
      if (client.drop(connected) && panic) breakdowns += 1;
      if (breakdowns > 1) throw requests.refuse(explainOnePasswordError(error));
      if (signedOut && !maySignInAgain) throw error;
      return attempt(act, text, maySignInAgain && !signedOut);
    }
  }

  /** A request that was held back looks to the SDK like a network that failed. */
  function isTemporary(error: unknown): boolean {
    return !requests.refusal() && (troubleOf(error).temporary ?? false);
  }

  function explain(error: unknown, reference: SecretReference | undefined): AuthSessionsError {
    const { code } = explainOnePasswordError(error);
    if (code === 'ERR_VAULT_RATE_LIMITED')
      return requests.refuse(rateLimited(undefined, patience.clock.nowMs()));
    const refusal = code === 'ERR_VAULT_UNREACHABLE' ? requests.refusal() : undefined;
    return refusal ?? explainOnePasswordError(error, reference);
  }

  return {
    async call(act, { reference, text, signal }) {
      signal?.throwIfAborted();
      const refusal = requests.refusal();
      if (refusal) throw refusal;
      try {
        const connecting = client.get();
        await (signal ? endedBy(signal, connecting) : connecting);
        const limits = { ...patience, signal, isTemporary, doing: 'reading from 1Password' };
        return await withinDeadline(
          (ended) => withRetries(() => attempt(act, text), { ...limits, signal: ended }),
          limits,
        );
      } catch (error) {
        signal?.throwIfAborted();
        throw explain(error, reference);
      }
    },
    forgetFailures() {
      breakdowns = 0;
    },
  };
}
