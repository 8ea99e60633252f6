import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference, SecretReference } from '../../core/secret-reference.js';
import { explainResolveError } from './explain-one-password-error.js';
import type { FoundItems, ItemLists, Listed } from './item-lists.js';

/**
 * The error with the reason why a reference names no item, or several, which the SDK does not say; or the same error
 * if the lists of vaults and items show none.
 */
export async function withItemReason(
  error: AuthSessionsError,
  reference: ItemReference,
  { lists, signal }: { readonly lists: ItemLists; readonly signal: AbortSignal | undefined },
): Promise<AuthSessionsError> {
  if (!explained.has(error.code)) return error;
  // What cannot be listed stays as the SDK said it.
  const found = await lists.find(reference, signal).catch(() => undefined);
  signal?.throwIfAborted();
  const reason = found && found.vaults.length > 0 ? whyNoItem(reference, found) : undefined;
  return reason ?? error;
}

/** Why what was found is not exactly one active item; `undefined` if it is. */
export function whyNoItem(reference: ItemReference, found: FoundItems): AuthSessionsError | undefined {
  const { vaults, items } = found;
  const [vault] = vaults;
  if (!vault) return explainResolveError({ type: 'vaultNotFound' }, reference);
  if (!items)
    return unresolved(reference, 'ERR_VAULT_AMBIGUOUS', {
      known: `${vaults.length} vaults have this name: ${listIds(vaults)}.`,
      next: 'Use the ID of the vault in the reference.',
    });
  const active = items.filter(({ state }) => state === 'active');
  if (active.length === 1) return undefined;
  if (active.length > 1)
    return unresolved(reference, 'ERR_VAULT_AMBIGUOUS', {
      known: `${active.length} items have this title: ${listIds(active)}.`,
      next: 'Use the ID of the item in the reference, or rename the others in 1Password.',
    });
  const [archived] = items;
  if (archived)
    return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
      known: `Its item ${JSON.stringify(archived.title)} is archived (${describe(archived)}).`,
      next: 'Restore the item in 1Password, or use another one.',
    });
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known: `Vault ${JSON.stringify(vault.title)} has no item ${JSON.stringify(reference.item)}, active or archived.`,
    next: 'Check the spelling, or copy the reference from 1Password.',
  });
}

/** The error of a reference, with what its vault or Environment shows. */
export function unresolved(
  { text }: SecretReference,
  code: AuthSessionsError['code'],
  reason: { readonly known: string; readonly next: string },
): AuthSessionsError {
  const failed = `Secret reference "${text}" cannot be resolved.`;
  return new AuthSessionsError(code, { failed, ...reason }, { reference: text });
}

function listIds(all: readonly Listed[]): string {
  const newestFirst = all.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  const shown = newestFirst.slice(0, mostShown).map(describe);
  return [...shown, ...(all.length > mostShown ? [`${all.length - mostShown} more`] : [])].join('; ');
}

function describe({ id, updatedAt }: Listed): string {
  return `ID ${id}, changed ${updatedAt.toISOString().slice(0, 10)}`;
}

const mostShown = 5;
const explained: ReadonlySet<string> = new Set(['ERR_VAULT_NOT_FOUND', 'ERR_VAULT_AMBIGUOUS']);
