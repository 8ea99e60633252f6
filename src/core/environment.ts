import { sessionDefaults } from './session-defaults.js';
import type { EnvironmentOptions } from './suite-options.js';
import { AuthSessionsError } from './errors.js';

/** What a run knows about its environment. Contains no values. */
export interface EnvironmentFacts {
  /** Where the vault credential was found, such as the name of its environment variable. */
  readonly credentialSource: string | undefined;
  /** What another authentication method lacks: `onePassword.auth.workloadIdentity needs …`. */
  readonly missing?: string | undefined;
  readonly onCi: boolean;
  /** Names of the credentials that are not there. ['OP_SERVICE_ACCOUNT_TOKEN'] */
  readonly wanted?: string | undefined;
  /** Some vault connections have a credential and others do not: `Vault connection "staging" has none.` */
  readonly partly?: string | undefined;
}

/** Where this run's credentials come from, and why. `skip`: tests that need a session are skipped. */
export interface EnvironmentDecision {
  readonly environment: 'deployed' | 'local' | 'skip';
  readonly why: string;
  /** The vaults of a deployed run: `hashicorp`. [1Password] */
  readonly vaults?: string | undefined;
}

/**
 * Decides between the vault and local test credentials. On CI without a vault credential it throws, unless the
 * project chose otherwise.
 *
 * @throws AuthSessionsError `ERR_ENVIRONMENT_MISSING`
 */
export function decideEnvironment(options: EnvironmentOptions, facts: EnvironmentFacts): EnvironmentDecision {
  const { environment = sessionDefaults.environment, whenMissing = sessionDefaults.whenMissing } = options;
  const { wanted = 'OP_SERVICE_ACCOUNT_TOKEN' } = facts;
  const notSet = `${wanted} ${wanted.includes(' and ') ? 'are' : 'is'} not set`;
  if (environment === 'local') return { environment: 'local', why: 'set in the project' };
  if (facts.partly !== undefined) throw partlyMissing(facts.partly, wanted);
  if (facts.credentialSource !== undefined)
    return {
      environment: 'deployed',
      why: `${facts.credentialSource} ${facts.credentialSource.includes(' and ') ? 'are' : 'is'} set`,
    };
  if (environment === 'auto' && !facts.onCi)
    return { environment: 'local', why: 'no vault credential is set' };
  if (whenMissing !== 'error') return { environment: whenMissing, why: `${notSet} on this machine` };
  throw new AuthSessionsError('ERR_ENVIRONMENT_MISSING', {
    failed: 'The vault credential is missing.',
    known: `${
      environment === 'deployed' ? 'The project sets environment: "deployed"' : 'This is CI (CI is set)'
    }, and ${notSet}${facts.missing === undefined ? '' : `; ${facts.missing}`}.`,
    next:
      `Set ${wanted} from a CI secret. Or set whenMissing: "local" or "skip" in the sessions file, ` +
      'for runs that get no secrets, such as those of forks.',
  });
}

/** Also with `whenMissing`: half of the sessions would silently use other accounts than the rest. */
function partlyMissing(known: string, wanted: string): AuthSessionsError {
  return new AuthSessionsError('ERR_ENVIRONMENT_MISSING', {
    failed: 'Not every vault connection has a credential.',
    known,
    next: `Set ${wanted}, or set environment: "local" in the sessions file.`,
  });
}
