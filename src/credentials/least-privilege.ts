import { AuthSessionsError } from '../core/errors.js';
import type { Vault, VaultReach } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';

export interface LeastPrivilegeOptions {
  /** Of all sessions: what the credential has to reach. */
  readonly references: readonly SecretReference[];
  /** Nothing is read with a credential that can do more: `ERR_LEAST_PRIVILEGE`. */
  readonly strict: boolean;
  readonly warn: (warning: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A vault whose credential is looked at once, when it is first asked: before anything is read if that is to be
 * strict, else beside it. A run that asks nothing costs no request for this either.
 */
export function withLeastPrivilege(vault: Vault, options: LeastPrivilegeOptions): Vault {
  if (!vault.inspectReach) return vault;
  const { strict, warn } = options;
  let checking: Promise<readonly string[]> | undefined;

  async function insist(): Promise<void> {
    checking ??= inspect(vault, options);
    const findings = await checking.catch((error: unknown) => {
      checking = undefined;
      throw error;
    });
    if (findings.length > 0) throw tooMuch(findings, options.references);
  }

  function lookBeside(): void {
    if (checking) return;
    checking = inspect(vault, options);
    checking.then(
      (findings) => findings.forEach((finding) => warn(`least privilege: ${finding}`)),
      () => undefined, // whoever asks for a value hears of what is wrong with the vault
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
      ? [`the vault credential also reaches what no session uses: ${shown.join(', ')}${more}`]
      : []),
    ...excess.map(
      ({ vault, permissions }) =>
        `the vault credential may do more than read in vault "${vault}": ${permissions.join(', ')}`,
    ),
  ];
}

function tooMuch(findings: readonly string[], references: readonly SecretReference[]): AuthSessionsError {
  const vaults = [...new Set(references.map(({ vault }) => `"${vault}"`))].join(', ');
  return new AuthSessionsError('ERR_LEAST_PRIVILEGE', {
    failed: 'The vault credential can do more than these sessions need, so nothing was read with it.',
    known: `${findings.map((finding) => finding.charAt(0).toUpperCase() + finding.slice(1)).join('. ')}.`,
    next:
      'Permissions are fixed when a service account is made: make one with read_items alone, in ' +
      `${vaults}; or leave strictLeastPrivilege out of the sessions file.`,
  });
}

const mostShown = 5;
