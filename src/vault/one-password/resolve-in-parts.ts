import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import type { SecretValue } from '../../core/secret-value.js';
import { explainResolveError } from './explain-one-password-error.js';

export type Answers = Map<string, SecretValue | AuthSessionsError>;

/** How to send requests to the vault. */
export interface Asking {
  /** Requests many at once. References for which the SDK gives no reason have no answer. */
  readonly many: (references: readonly ItemReference[]) => Promise<Answers>;
  /** Requests one, with the exact reason if it fails. */
  readonly one: (reference: ItemReference) => Promise<SecretValue>;
}

/**
 * Requests all at once, and in parts if one reference makes the others fail: the SDK rejects a whole call because of an
 * archived item or an unknown ID, and gives no reason for references whose vault cannot be listed. Throws errors of
 * 1Password as a whole.
 */
export async function resolveInParts(references: readonly ItemReference[], asking: Asking): Promise<Answers> {
  let answers: Answers;
  try {
    answers = await asking.many(references);
  } catch (error) {
    if (!isOfReferences(error)) throw error;
    return resolveParts(references, error, asking);
  }
  for (const group of byVault(references.filter(({ text }) => !answers.has(text))))
    for (const [text, answer] of await resolveUnexplained(group, asking)) answers.set(text, answer);
  return answers;
}

/** Splits by vault, then in halves, until the failing reference is alone. */
async function resolveParts(
  references: readonly ItemReference[],
  error: AuthSessionsError,
  asking: Asking,
): Promise<Answers> {
  const vaults = byVault(references);
  if (vaults.length === 1 && error.code === 'ERR_VAULT_DENIED') return allDenied(references);
  const [first] = references;
  if (first && references.length === 1) return new Map([[first.text, await answerOf(first, asking)]]);
  const middle = Math.ceil(references.length / 2);
  const parts = vaults.length > 1 ? vaults : [references.slice(0, middle), references.slice(middle)];
  const answers: Answers = new Map();
  for (const part of parts)
    for (const [text, answer] of await resolveInParts(part, asking)) answers.set(text, answer);
  return answers;
}

/**
 * Requests the first reference of a vault alone, to get the reason; then the others, unless the reason applies to all.
 */
async function resolveUnexplained(references: readonly ItemReference[], asking: Asking): Promise<Answers> {
  const [first, ...others] = references;
  if (!first) return new Map();
  const answer = await answerOf(first, asking);
  if (answer instanceof AuthSessionsError && answer.code === 'ERR_VAULT_DENIED') return allDenied(references);
  const rest = others.length > 0 ? await resolveInParts(others, asking) : [];
  return new Map([[first.text, answer], ...rest]);
}

async function answerOf(reference: ItemReference, { one }: Asking): Promise<SecretValue | AuthSessionsError> {
  try {
    return await one(reference);
  } catch (error) {
    if (isOfReferences(error)) return error;
    throw error;
  }
}

function allDenied(references: readonly ItemReference[]): Answers {
  return new Map(
    references.map((reference) => [reference.text, explainResolveError({ type: 'denied' }, reference)]),
  );
}

function byVault(references: readonly ItemReference[]): ItemReference[][] {
  const vaults = new Map<string, ItemReference[]>();
  for (const reference of references) {
    const name = reference.vault.toLowerCase();
    vaults.set(name, [...(vaults.get(name) ?? []), reference]);
  }
  return [...vaults.values()];
}

/** Whether it is about references, and not the network, the credential or a limit, which would fail for all of them. */
export function isOfReferences(error: unknown): error is AuthSessionsError {
  return error instanceof AuthSessionsError && codesOfReferences.includes(error.code);
}

const codesOfReferences: readonly string[] = [
  'ERR_VAULT_NOT_FOUND',
  'ERR_VAULT_DENIED',
  'ERR_VAULT_AMBIGUOUS',
  'ERR_REFERENCE_INVALID',
  'ERR_TOTP_SEED_INVALID',
];
