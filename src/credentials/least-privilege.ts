import { AuthSessionsError } from '../core/errors.js';
import type { Vault, VaultReach } from '../core/ports.js';
import { isItemReference, type SecretReference } from '../core/secret-reference.js';
import type { ConnectionName } from '../core/vault-connection.js';

export interface LeastPrivilegeOptions {
  /** References of all sessions: what the credential must be able to read. */
  readonly references: readonly SecretReference[];
  /** Whether a credential with more access is an error, `ERR_LEAST_PRIVILEGE`, before anything is read. */
  readonly strict: boolean;
  /** The vault connection. [the suite's own vault] */
  readonly connection?: ConnectionName;
  readonly warn: (warning: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A vault that inspects its credential on first use: before anything is read if strict, otherwise in parallel. A run
 * without vault requests does not inspect it.
 */
export function withLeastPrivilege(vault: Vault, options: LeastPrivilegeOptions): Vault {
  if (!vault.inspectReach) return vault;
  const { strict, warn, connection } = options;
  const label =
    connection === undefined ? 'least privilege' : `least privilege of vault connection "${connection}"`;
  let checking: Promise<readonly string[]> | undefined;

  async function insist(): Promise<void> {
    checking ??= inspect(vault, options);
    const findings = await checking.catch((error: unknown) => {
      checking = undefined;
      throw error;
    });
    if (findings.length > 0) throw tooMuch(findings, options);
  }

  function lookBeside(): void {
    if (checking) return;
    checking = inspect(vault, options);
    checking.then(
      (findings) => findings.forEach((finding) => warn(`${label}: ${finding}`)),
      () => undefined, // requests for values report problems with the vault
    );
  }

  return {
    ...vault,
    async resolveAll(references, signal) {
      if (strict) await insist();
      const answers = await vault.resolveAll(references, signal);
      if (!strict) lookBeside();
      return answers;
    },
    async readCode(reference, signal) {
      if (strict) await insist();
      return vault.readCode(reference, signal);
    },
  };
}

async function inspect(
  vault: Vault,
  { references, signal }: LeastPrivilegeOptions,
): Promise<readonly string[]> {
  const reach = await vault.inspectReach?.(references, signal);
  return reach ? describe(reach) : [];
}

function describe({ unused, excess }: VaultReach): string[] {
  const shown = unused.slice(0, mostShown).map((title) => `"${title}"`);
  const more = unused.length > mostShown ? ` and ${unused.length - mostShown} more` : '';
  return [
    ...(unused.length > 0
      ? [`the vault credential can also read vaults that no session uses: ${shown.join(', ')}${more}`]
      : []),
    ...excess.map(
      ({ vault, permissions }) =>
        `the vault credential has more than read access to vault "${vault}": ${permissions.join(', ')}`,
    ),
  ];
}

function tooMuch(
  findings: readonly string[],
  { references, connection }: LeastPrivilegeOptions,
): AuthSessionsError {
  const vaults = [...new Set(references.map(placeOf))].join(', ');
  return new AuthSessionsError('ERR_LEAST_PRIVILEGE', {
    failed: `${connection === undefined ? '' : `Vault connection "${connection}": `}The vault credential has more access than these sessions need, so it was not used.`,
    known: `${findings.map((finding) => finding.charAt(0).toUpperCase() + finding.slice(1)).join('. ')}.`,
    next:
      'Permissions of a service account cannot be changed. Create one with only read_items, in ' +
      `${vaults}, or remove strictLeastPrivilege from the sessions file.`,
  });
}

function placeOf(reference: SecretReference): string {
  return isItemReference(reference) ? `"${reference.vault}"` : `Environment ${reference.environment}`;
}

const mostShown = 5;
