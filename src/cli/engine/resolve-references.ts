import type { DeclaredSession } from '../../core/declared-session.js';
import type { AuthSessionsError } from '../../core/errors.js';
import type { Vault } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import type { ConnectionName } from '../../core/vault-connection.js';
import type { Website } from '../../core/website-address.js';
import type { Redactor } from '../../redaction/redactor.js';
import { errorsOf } from '../terminal/format-error.js';

/** Results of the vault: values are for checks and searches, and never printed. */
export interface ResolvedReferences {
  /** `admin.password` and its value. */
  readonly values: readonly SecretValue[];
  /** Errors of single references, or of the vault itself. */
  readonly errors: readonly AuthSessionsError[];
  /** The same of each vault. */
  readonly ofVaults: ReadonlyMap<ConnectionName, ResolvedOfVault>;
  /** The websites of a reference's item, which bind its value. */
  readonly websitesOf: (vault: ConnectionName, reference: SecretReference) => readonly Website[] | undefined;
}

/** Resolves every reference, including codes, and registers each value with the redactor. */
export async function resolveReferences(
  sessions: readonly DeclaredSession[],
  { vaults, redactor, signal }: ResolveOptions,
): Promise<ResolvedReferences> {
  const parts = await Promise.all(
    [...vaults].map(async ([name, vault]) => {
      const own = sessions.filter((session) => session.vault === name);
      return [name, await resolveOwn(own, { vault, redactor, signal })] as const;
    }),
  );
  const ofVaults = new Map(parts);
  return {
    ofVaults,
    websitesOf: (vault, { text }) => ofVaults.get(vault)?.websites.get(text),
    values: parts.flatMap(([, { values }]) => values),
    errors: parts.flatMap(([, { errors }]) => errors),
  };
}

interface ResolveOptions {
  readonly vaults: ReadonlyMap<ConnectionName, Vault>;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/** Results of one vault. */
export interface ResolvedOfVault extends Pick<ResolvedReferences, 'values' | 'errors'> {
  /** How many references were requested. */
  readonly count: number;
  /** By the reference's text. */
  readonly websites: ReadonlyMap<string, readonly Website[]>;
}

/** The references of the sessions of one vault. */
async function resolveOwn(
  sessions: readonly DeclaredSession[],
  { vault, redactor, signal }: Omit<ResolveOptions, 'vaults'> & { readonly vault: Vault },
): Promise<ResolvedOfVault> {
  const wanted = distinct(sessions);
  const plain = [...wanted.values()].filter(({ reference }) => reference.kind !== 'totp');
  const codes = [...wanted.values()].filter(({ reference }) => reference.kind === 'totp');
  const errors: AuthSessionsError[] = [];
  const values: SecretValue[] = [];
  const websites = new Map<string, readonly Website[]>();
  try {
    const answers = await vault.resolveAll(
      plain.map(({ reference }) => reference),
      signal,
    );
    for (const { reference, label } of plain) {
      const answer = answers.get(reference.text);
      if (answer instanceof SecretValue) {
        values.push(new SecretValue(answer.reveal(), label));
        if (answer.websites) websites.set(reference.text, answer.websites);
      } else if (answer) errors.push(answer);
    }
    for (const value of values) redactor.add(value);
    for (const { reference, label } of codes)
      try {
        // Not every login has a code.
        if (reference.purpose && (await vault.hasCode?.(reference, signal)) === false) continue;
        const { code } = await vault.readCode(reference, signal);
        redactor.add(new SecretValue(code.reveal(), label, { kind: 'code' }));
        if (code.websites) websites.set(reference.text, code.websites);
      } catch (error) {
        errors.push(...errorsOf(error));
      }
  } catch (error) {
    errors.push(...errorsOf(error));
  }
  return { values, errors, websites, count: wanted.size };
}

function distinct(sessions: readonly DeclaredSession[]) {
  const wanted = new Map<string, { reference: SecretReference; label: string }>();
  for (const { name, values, code } of sessions)
    for (const [parameter, reference] of [...values, ...(code ? [['otp', code] as const] : [])])
      if (!wanted.has(reference.text))
        wanted.set(reference.text, { reference, label: `${name}.${parameter}` });
  return wanted;
}
