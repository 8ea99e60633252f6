import { isVaultError, type VaultCall, type VaultError } from '../../core/defined-vault.js';
import { sessionDefaults } from '../../core/session-defaults.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import { withRetries } from '../one-password/with-retries.js';
import { withinDeadline } from '../one-password/within-deadline.js';
import {
  budgetSpent,
  explainVault,
  isReferenceProblem,
  tooLate,
  type DefinedSubject,
} from './defined-troubles.js';

/** Calls of a vault's functions: counted, limited in number and time, tried again, and with our errors. */
export interface DefinedCalls {
  /**
   * Runs one of the functions. A `VaultError` about a reference is returned.
   *
   * @throws AuthSessionsError; or the signal's reason
   */
  call<Result>(
    act: (given: VaultCall) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | VaultError>;
  count(): number;
  /** How many more the run may make. */
  left(): number;
  /** Starts a new run in the same process: resets the budget, and what stopped the last one. */
  forgetFailures(): void;
}

export interface DefinedCallsOptions extends DefinedSubject {
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly deadlineMs: number | undefined;
  readonly maxRequests: number | undefined;
}

export function createDefinedCalls(options: DefinedCallsOptions): DefinedCalls {
  const { name, secrets, clock, random } = options;
  const { deadlineMs = usualDeadlineMs, maxRequests = sessionDefaults.maxVaultRequests } = options;
  let count = 0;
  let countBefore = 0;
  let refusal: AuthSessionsError | undefined;
  const left = () => Math.max(0, maxRequests - (count - countBefore));

  async function attempt<Result>(
    act: (given: VaultCall) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result | VaultError> {
    if (left() === 0) refusal ??= budgetSpent(name, maxRequests);
    if (refusal) throw refusal;
    count += 1;
    try {
      return await act({ secrets: { ...secrets }, signal });
    } catch (thrown) {
      signal.throwIfAborted();
      const vaultError = isVaultError(thrown) ? thrown : undefined;
      if (vaultError && isReferenceProblem(vaultError.problem)) return vaultError;
      throw noted(explainVault(thrown, vaultError, options));
    }
  }

  function noted(error: AuthSessionsError): AuthSessionsError {
    if (finalCodes.has(error.code)) refusal ??= error;
    return error;
  }

  return {
    async call(act, signal) {
      signal?.throwIfAborted();
      const limits = { clock, random, isTemporary, signal };
      return withinDeadline((ended) => withRetries(() => attempt(act, ended), { ...limits, signal: ended }), {
        ...limits,
        deadlineMs,
        doing: '',
        late: () => tooLate(name, deadlineMs),
      });
    },
    count: () => count,
    left,
    forgetFailures() {
      countBefore = count;
      refusal = undefined;
    },
  };
}

function isTemporary(error: unknown): boolean {
  return error instanceof AuthSessionsError && error.code === 'ERR_VAULT_UNREACHABLE';
}

const finalCodes: ReadonlySet<string> = new Set(['ERR_VAULT_CREDENTIAL_INVALID', 'ERR_VAULT_RATE_LIMITED']);
const usualDeadlineMs = sessionDefaults.deadlineSeconds * 1000;
