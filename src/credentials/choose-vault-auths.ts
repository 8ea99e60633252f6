import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { EnvironmentFacts } from '../core/environment.js';
import { connectionsInUse, type ConnectionName } from '../core/vault-connection.js';
import { chooseVaultAuth, type VaultAuthChoice, type VaultAuthFacts } from './choose-vault-auth.js';

/** How this run can authenticate with each vault that its sessions use. */
export interface VaultAuthChoices {
  readonly choices: ReadonlyMap<ConnectionName, VaultAuthChoice>;
  /** What the environment decision needs to know of all of them. */
  readonly facts: EnvironmentFacts;
}

/** @throws AuthSessionsError `ERR_VAULT_CREDENTIAL_INVALID` when a token's file cannot be read */
export function chooseVaultAuths(
  { suite, sessions }: ChooseVaultAuthsOptions,
  found: VaultAuthFacts,
): VaultAuthChoices {
  const names = connectionsInUse(sessions);
  const choices = new Map(names.map((name) => [name, chooseVaultAuth(suite, found, name)]));
  return { choices, facts: combineFacts([...choices], found.onCi) };
}

export interface ChooseVaultAuthsOptions {
  readonly suite: SuiteOptions;
  readonly sessions: Iterable<DeclaredSession>;
}

function combineFacts(
  choices: readonly (readonly [ConnectionName, VaultAuthChoice])[],
  onCi: boolean,
): EnvironmentFacts {
  const found = choices.filter(([, { auth }]) => auth);
  const lacking = choices.filter(([, { auth }]) => !auth);
  const missing = lacking.flatMap(([, { facts }]) => facts.missing ?? []);
  const common = {
    onCi,
    missing: missing.length > 0 ? missing.join('; ') : undefined,
    wanted: lacking.length > 0 ? lacking.map(([, { facts }]) => facts.wanted).join(' and ') : undefined,
  };
  const partly = lacking.flatMap(([, { facts }]) => facts.partly ?? []).join(' ');
  if (partly !== '') return { ...common, credentialSource: undefined, partly };
  const sources = found.map(([, { facts }]) => facts.credentialSource).join(' and ');
  if (lacking.length === 0) return { ...common, credentialSource: sources };
  if (found.length === 0) return { ...common, credentialSource: undefined };
  const without = lacking.map(([name]) => describeConnection(name)).join(' and ');
  return { ...common, credentialSource: undefined, partly: `${sources} is set, but ${without} has none.` };
}

/** In a sentence, not at its start. */
export function describeConnection(name: ConnectionName): string {
  return name === undefined ? "the suite's own vault" : `vault connection "${name}"`;
}
