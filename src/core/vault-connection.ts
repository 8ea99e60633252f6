import type { DeclaredSession } from './declared-session.js';
import { isDefinedVault, type DefinedVault } from './defined-vault.js';
import type { OnePasswordConnection, OnePasswordOptions, SuiteOptions } from './suite-options.js';

/** Where a session's references are read: `undefined` is the suite's own vault, a name one of its `vaults`. */
export type ConnectionName = string | undefined;

/**
 * Names of connections become part of variables. In lower case with single hyphens, two names never give one variable;
 * and none ends like the variable of a file.
 */
export const connectionNamePattern = /^(?!(?:.*-)?file$)[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,4}$/;

/** The variables of a 1Password connection: its token, or a file that contains it. */
export function tokenVariables(name: ConnectionName): { readonly token: string; readonly tokenFile: string } {
  const suffix = name === undefined ? '' : `_${name.replaceAll('-', '_').toUpperCase()}`;
  const token = `OP_SERVICE_ACCOUNT_TOKEN${suffix}`;
  return { token, tokenFile: `${token}_FILE` };
}

/** What the sessions file says of a connection. */
export function connectionOf(
  { onePassword, vault, vaults }: SuiteOptions,
  name: ConnectionName,
): OnePasswordOptions | OnePasswordConnection | DefinedVault {
  return (name === undefined ? (vault ?? onePassword) : vaults?.[name]) ?? {};
}

/** The vault that the sessions file defines for a connection; `undefined`: it is 1Password. */
export function definedVaultOf(suite: SuiteOptions, name: ConnectionName): DefinedVault | undefined {
  const connection = connectionOf(suite, name);
  return isDefinedVault(connection) ? connection : undefined;
}

/** The vaults of connections, for people: `1Password and hashicorp`. */
export function formatVaults(suite: SuiteOptions, names: Iterable<ConnectionName>): string {
  const kinds = [...names].map((name) => definedVaultOf(suite, name)?.name ?? '1Password');
  return [...new Set(kinds)].join(' and ');
}

/** The connections that sessions read from, in their order. Without such sessions, the suite's own vault. */
export function connectionsInUse(sessions: Iterable<DeclaredSession>): readonly ConnectionName[] {
  const names = [...sessions].filter(({ type }) => type === 'credentials').map(({ vault }) => vault);
  return names.length === 0 ? [undefined] : [...new Set(names)];
}
