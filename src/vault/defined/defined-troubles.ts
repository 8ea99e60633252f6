import type { ReferenceProblem, VaultError, VaultProblem } from '../../core/defined-vault.js';
import type { AuthSessionsErrorCode } from '../../core/error-codes.js';
import { AuthSessionsError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import type { SecretReference } from '../../core/secret-reference.js';

/** The vault of an error, and what makes the text of its author safe to show. */
export interface DefinedSubject {
  readonly name: string;
  readonly redact: (text: string) => string;
}

/** Our error for what the vault's author reported about a reference. */
export function explainReference(
  { problem, known }: VaultError,
  reference: SecretReference,
  { name, redact }: DefinedSubject,
): AuthSessionsError {
  const { code, means, next } = referenceTroubles[problem as ReferenceProblem];
  return new AuthSessionsError(
    code,
    {
      failed: `Secret reference "${reference.text}" cannot be resolved.`,
      known: known === undefined ? `${name}: ${means}` : `${name}: ${shown(known, redact)}`,
      next,
    },
    { reference: reference.text },
  );
}

/** Our error for what was thrown in the vault's function. Of an unknown error, only the type is shown. */
export function explainVault(
  thrown: unknown,
  vaultError: VaultError | undefined,
  { name, redact }: DefinedSubject,
): AuthSessionsError {
  if (vaultError && isVaultProblem(vaultError.problem)) {
    const { code, failed, next } = vaultTroubles[vaultError.problem];
    const known = vaultError.known === undefined ? undefined : shown(vaultError.known, redact);
    return new AuthSessionsError(code, { failed: `${name} ${failed}`, known, next });
  }
  const network = networkCode(thrown);
  if (network !== undefined) {
    const { code, failed, next } = vaultTroubles.unreachable;
    return new AuthSessionsError(code, {
      failed: `${name} ${failed}`,
      known: `The system reported ${network}.`,
      next,
    });
  }
  return broken(
    name,
    `It threw ${typeOf(thrown)}. Its message is not shown, because it may contain a secret.`,
  );
}

/** The vault's function does not do what `defineVault` says. */
export function broken(name: string, known: string): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_FAILED', {
    failed: `The vault ${name} failed.`,
    known,
    next: 'Fix its definition in the sessions file: testVault of playwright-auth-sessions/vault-contract tests it.',
  });
}

export function budgetSpent(name: string, maxRequests: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_BUDGET_SPENT', {
    failed: `This run has reached its limit of ${maxRequests} requests to ${name}.`,
    next: `Look at the requests in reports/output/vault-access.jsonl. If the run needs more, raise maxVaultRequests of ${name}.`,
  });
}

export function tooLate(name: string, deadlineMs: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_UNREACHABLE', {
    failed: `${name} did not answer in time.`,
    known: `No answer within ${deadlineMs / 1000} s.`,
    next: vaultTroubles.unreachable.next,
  });
}

export function isReferenceProblem(problem: string): problem is ReferenceProblem {
  return Object.hasOwn(referenceTroubles, problem);
}

function isVaultProblem(problem: string): problem is VaultProblem {
  return Object.hasOwn(vaultTroubles, problem);
}

/** One line of limited length: responses of servers are long. */
function shown(known: string, redact: (text: string) => string): string {
  const text = printable(redact(known).slice(0, longestKnown)).trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** As `fetch` reports it: a cause with the code of the system. */
function networkCode(thrown: unknown): string | undefined {
  const cause = thrown instanceof TypeError ? thrown.cause : thrown;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^(E[A-Z]{3,}|UND_ERR_[A-Z_]+)$/.test(code) && !isOfFiles.test(code)
    ? code
    : undefined;
}

function typeOf(thrown: unknown): string {
  return thrown instanceof Error ? `a ${thrown.constructor.name}` : `a value of type ${typeof thrown}`;
}

const referenceTroubles: Readonly<
  Record<
    ReferenceProblem,
    { readonly code: AuthSessionsErrorCode; readonly means: string; readonly next: string }
  >
> = {
  'not-found': {
    code: 'ERR_VAULT_NOT_FOUND',
    means: 'it has no such value.',
    next: 'Check the spelling, and whether the credential has access.',
  },
  denied: {
    code: 'ERR_VAULT_DENIED',
    means: 'access was denied.',
    next: 'Give the credential access to this value, and to no more.',
  },
  ambiguous: {
    code: 'ERR_VAULT_AMBIGUOUS',
    means: 'more than one value has this name.',
    next: 'Use a reference that names only one.',
  },
  'invalid-reference': {
    code: 'ERR_REFERENCE_INVALID',
    means: 'it cannot have such a reference.',
    next: 'Fix the reference.',
  },
};

const vaultTroubles: Readonly<
  Record<
    VaultProblem,
    { readonly code: AuthSessionsErrorCode; readonly failed: string; readonly next: string }
  >
> = {
  'rejected-credential': {
    code: 'ERR_VAULT_CREDENTIAL_INVALID',
    failed: 'rejected its credential.',
    next: 'Replace the credential where the run starts.',
  },
  unreachable: {
    code: 'ERR_VAULT_UNREACHABLE',
    failed: 'cannot be reached.',
    next: 'Check its address, the network and any proxy. Then run again.',
  },
  'rate-limited': {
    code: 'ERR_VAULT_RATE_LIMITED',
    failed: 'has reached its rate limit. This run sends no more requests to it.',
    next: 'Wait, and find out what sends so many requests.',
  },
};

const longestKnown = 300;
const isOfFiles = /^(ENOENT|EACCES|EPERM|EISDIR|ENOTDIR|EMFILE)$/;
