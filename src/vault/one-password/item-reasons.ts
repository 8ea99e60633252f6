import type { Client } from '@1password/sdk';
import { AuthSessionsError, type Explanation } from '../../core/errors.js';
import type { SecretReference } from '../../core/secret-reference.js';

/** Finds out why a reference names no item, or several: the SDK's own error does not say which. */
export interface ItemReasons {
  /**
   * The error with the reason that 1Password's lists of vaults and items show, or the same error if they show none.
   * Lists are requested once per run: of vaults, and of the items of each vault with such a reference.
   */
  explain(
    error: AuthSessionsError,
    reference: SecretReference,
    signal?: AbortSignal,
  ): Promise<AuthSessionsError>;
  /** Starts a new run in the same process. */
  forget(): void;
}

type Ask = <Result>(act: (client: Client) => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

export function createItemReasons(ask: Ask): ItemReasons {
  const lists = new Map<string, Promise<unknown>>();

  function once<Result>(key: string, list: () => Promise<Result>): Promise<Result> {
    const known = lists.get(key) as Promise<Result> | undefined;
    if (known) return known;
    const listing = list();
    lists.set(key, listing);
    listing.catch(() => lists.delete(key));
    return listing;
  }

  async function find({ vault, item }: SecretReference, signal?: AbortSignal) {
    const vaults = await once('', () => ask((client) => client.vaults.list(), signal));
    const [found, ...others] = vaults.filter(isNamed(vault));
    if (!found || others.length > 0) return { vaults: [found, ...others].filter((one) => !!one) };
    const items = await once(found.id, () =>
      ask((client) => client.items.list(found.id, ofAnyState), signal),
    );
    return { vaults: [found], items: items.filter(isNamed(item)) };
  }

  return {
    async explain(error, reference, signal) {
      if (!explained.has(error.code)) return error;
      // What cannot be listed stays as the SDK said it.
      const found = await find(reference, signal).catch(() => undefined);
      signal?.throwIfAborted();
      const reason = found && reasonOf(reference, found);
      if (!reason) return error;
      const [code, known, next] = reason;
      const failed = `Secret reference "${reference.text}" cannot be resolved.`;
      return new AuthSessionsError(code, { failed, known, next }, { reference: reference.text });
    },
    forget: () => lists.clear(),
  };
}

interface Found {
  readonly vaults: readonly Listed[];
  /** Items of this name or ID. Missing if not exactly one vault has the reference's vault name. */
  readonly items?: readonly (Listed & { readonly state: string })[];
}

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: Date;
}

type Reason = readonly [AuthSessionsError['code'], NonNullable<Explanation['known']>, string];

function reasonOf({ item }: SecretReference, { vaults, items }: Found): Reason | undefined {
  const [vault] = vaults;
  if (!vault) return undefined;
  if (!items)
    return [
      'ERR_VAULT_AMBIGUOUS',
      `${vaults.length} vaults have this name: ${listIds(vaults)}.`,
      'Use the ID of the vault in the reference.',
    ];
  const active = items.filter(({ state }) => state === 'active');
  const [archived] = items.filter(({ state }) => state === 'archived');
  if (active.length > 1)
    return [
      'ERR_VAULT_AMBIGUOUS',
      `${active.length} items have this title: ${listIds(active)}.`,
      'Use the ID of the item in the reference, or rename the others in 1Password.',
    ];
  if (active.length > 0) return undefined;
  if (archived)
    return [
      'ERR_VAULT_NOT_FOUND',
      `Its item ${JSON.stringify(archived.title)} is archived (${describe(archived)}).`,
      'Restore the item in 1Password, or use another one.',
    ];
  return [
    'ERR_VAULT_NOT_FOUND',
    `Vault ${JSON.stringify(vault.title)} has no item ${JSON.stringify(item)}, active or archived.`,
    'Check the spelling, or copy the reference from 1Password.',
  ];
}

function isNamed(name: string) {
  const wanted = name.toLowerCase();
  return ({ id, title }: { readonly id: string; readonly title: string }) =>
    id.toLowerCase() === wanted || title.toLowerCase() === wanted;
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
const ofAnyState = { type: 'ByState', content: { active: true, archived: true } } as const;
