import type { DeclaredSession } from '../../core/declared-session.js';
import type { AuthSessionsError } from '../../core/errors.js';
import type { Vault } from '../../core/ports.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import type { Redactor } from '../../redaction/redactor.js';
import { errorsOf } from '../terminal/format-error.js';

/** Results of the vault: values are for checks and searches, and never printed. */
export interface ResolvedReferences {
  /** `admin.password` and its value. */
  readonly values: readonly SecretValue[];
  /** Errors of single references, or of the vault itself. */
  readonly errors: readonly AuthSessionsError[];
  /** How many references were requested. */
  readonly count: number;
}

/** Resolves every reference, including codes, and registers each value with the redactor. */
export async function resolveReferences(
  sessions: readonly DeclaredSession[],
  { vault, redactor, signal }: { vault: Vault; redactor: Redactor; signal: AbortSignal },
): Promise<ResolvedReferences> {
  const wanted = distinct(sessions);
  const plain = [...wanted.values()].filter(({ reference }) => reference.kind !== 'totp');
  const codes = [...wanted.values()].filter(({ reference }) => reference.kind === 'totp');
  const errors: AuthSessionsError[] = [];
  const values: SecretValue[] = [];
  try {
    const answers = await vault.resolveAll(
      plain.map(({ reference }) => reference),
      signal,
    );
    for (const { reference, label } of plain) {
      const answer = answers.get(reference.text);
      if (answer instanceof SecretValue) values.push(new SecretValue(answer.reveal(), label));
      else if (answer) errors.push(answer);
    }
    for (const value of values) redactor.add(value);
    for (const { reference, label } of codes)
      try {
        // Not every login has a code.
        if (reference.purpose && (await vault.hasCode?.(reference, signal)) === false) continue;
        const { code } = await vault.readCode(reference, signal);
        redactor.add(new SecretValue(code.reveal(), label, { kind: 'code' }));
      } catch (error) {
        errors.push(...errorsOf(error));
      }
  } catch (error) {
    errors.push(...errorsOf(error));
  }
  return { values, errors, count: wanted.size };
}

function distinct(sessions: readonly DeclaredSession[]) {
  const wanted = new Map<string, { reference: SecretReference; label: string }>();
  for (const { name, values, code } of sessions)
    for (const [parameter, reference] of [...values, ...(code ? [['otp', code] as const] : [])])
      if (!wanted.has(reference.text))
        wanted.set(reference.text, { reference, label: `${name}.${parameter}` });
  return wanted;
}
