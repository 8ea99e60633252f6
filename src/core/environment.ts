import { AuthSessionsError } from './errors.js';
import { sessionDefaults, type EnvironmentOptions } from './auth-session.js';

/** What a run can see of where it runs; never a value. */
export interface EnvironmentFacts {
  /** Where a vault credential was found, such as the name of its environment variable. */
  readonly credentialSource: string | undefined;
  /** What another way than a token lacks here: `onePassword.auth.workloadIdentity needs …`. */
  readonly missing?: string | undefined;
  readonly onCi: boolean;
}

/** Where this run's credentials come from, and why. `skip`: tests that need a session are skipped. */
export interface EnvironmentDecision {
  readonly environment: 'deployed' | 'local' | 'skip';
  readonly why: string;
}

/**
 * Decides between the vault and the local test credentials. Never silently: on CI without a vault credential it
 * stops, unless the project chose something else.
 *
 * @throws AuthSessionsError `ERR_ENVIRONMENT_MISSING`
 */
export function decideEnvironment(options: EnvironmentOptions, facts: EnvironmentFacts): EnvironmentDecision {
  const { environment = sessionDefaults.environment, whenMissing = sessionDefaults.whenMissing } = options;
  if (environment === 'local') return { environment: 'local', why: 'the project says so' };
  if (facts.credentialSource !== undefined)
    return { environment: 'deployed', why: `${facts.credentialSource} is set` };
  if (environment === 'auto' && !facts.onCi)
    return { environment: 'local', why: 'no vault credential is set' };
  if (whenMissing !== 'error')
    return { environment: whenMissing, why: 'no vault credential is set on this machine' };
  throw new AuthSessionsError('ERR_ENVIRONMENT_MISSING', {
    failed: 'There is no vault credential to sign in with.',
    known: `${
      environment === 'deployed' ? 'The project says environment: "deployed"' : 'This is CI (CI is set)'
    }, and OP_SERVICE_ACCOUNT_TOKEN is not set${facts.missing === undefined ? '' : `; ${facts.missing}`}.`,
    next:
      'Set OP_SERVICE_ACCOUNT_TOKEN from a CI secret; or say whenMissing: "local" or "skip" in the sessions file, ' +
      'for runs that get no secrets, such as those of forks.',
  });
}
