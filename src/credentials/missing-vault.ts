import type { ProjectOptions } from '../core/auth-session.js';
import { decideEnvironment, type EnvironmentDecision, type EnvironmentFacts } from '../core/environment.js';
import { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';

export interface Decided {
  readonly decision: EnvironmentDecision;
  /** Why there is none, where that need not be an end. */
  readonly vaultMissing: AuthSessionsError | undefined;
}

/**
 * The environment, as a run decides it. What reads the store alone can do without a vault.
 *
 * @throws AuthSessionsError `ERR_ENVIRONMENT_MISSING` when the vault is needed
 */
export function decide(project: ProjectOptions, facts: EnvironmentFacts, needsVault: boolean): Decided {
  try {
    return { decision: decideEnvironment(project, facts), vaultMissing: undefined };
  } catch (error) {
    if (needsVault || !(error instanceof AuthSessionsError)) throw error;
    return {
      decision: { environment: 'deployed', why: 'no vault credential is set' },
      vaultMissing: error,
    };
  }
}

/** Tells whoever asks it what is missing. */
export function createMissingVault(missing: AuthSessionsError): Vault {
  return {
    kind: 'one-password',
    resolveAll: () => Promise.reject(missing),
    readCode: () => Promise.reject(missing),
    requestCount: () => 0,
  };
}
