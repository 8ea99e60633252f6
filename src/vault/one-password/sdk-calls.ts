import type { Client } from '@1password/sdk';
import type { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { untilAborted } from '../../time/until-aborted.js';
import { explainOnePasswordError } from './explain-one-password-error.js';
import { troubleOf } from './one-password-troubles.js';
import { rateLimited } from './refusals.js';
import type { SdkClient } from './sdk-client.js';
import type { SdkRequests } from './sdk-requests.js';
import { withRetries } from './with-retries.js';
import { withinDeadline } from './within-deadline.js';

export interface SdkCallsOptions {
  readonly client: SdkClient;
  readonly requests: SdkRequests;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Adds to SDK calls what the SDK lacks: a deadline, retries, a replacement client, and errors with advice. */
export interface SdkCalls {
  /** @throws AuthSessionsError; or the signal's reason */
  readonly call: <Result>(act: Act<Result>, about: CallSubject) => Promise<Result>;
  /** Starts a new run in the same process: calls that crashed may be tried again. */
  readonly forgetFailures: () => void;
}

export interface CallSubject {
  /** The reference of the call: its error names it, and the SDK gets it. */
  readonly reference?: SecretReference;
  readonly text?: string;
  readonly signal: AbortSignal | undefined;
}

type Act<Result> = (client: Client) => Promise<Result>;

export function createSdkCalls({ client, requests, ...patience }: SdkCallsOptions): SdkCalls {
  let breakdowns = 0;

  /** Replaces a client that is no longer signed in, once per call, and one that crashed, once per run. */
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

  /** To the SDK, a blocked request looks like a network failure. */
  function isTemporary(error: unknown): boolean {
    return !requests.refusal() && (troubleOf(error).temporary ?? false);
  }

  function explain(error: unknown, reference: SecretReference | undefined): AuthSessionsError {
    const { code } = explainOnePasswordError(error);
    if (code === 'ERR_VAULT_RATE_LIMITED')
      return requests.refuse(rateLimited(undefined, patience.clock.nowMs()));
    const isUnclear = code === 'ERR_VAULT_UNREACHABLE' || code === 'ERR_VAULT_FAILED';
    const refusal = isUnclear ? requests.refusal() : undefined;
    return refusal ?? explainOnePasswordError(error, reference);
  }

  return {
    async call(act, { reference, text, signal }) {
      signal?.throwIfAborted();
      const refusal = requests.refusal();
      if (refusal) throw refusal;
      try {
        const connecting = client.get();
        await (signal ? untilAborted(signal, connecting) : connecting);
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
