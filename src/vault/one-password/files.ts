import type { FileAttributes, Item } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { tooLarge } from '../../core/value-size.js';
import { websitesOf, type Ask, type ItemLists } from './item-lists.js';
import { unresolved } from './item-reasons.js';
import { atReference, readItems } from './read-items.js';
import { isOfReferences, type Answers } from './resolve-in-parts.js';

export interface FilesOptions {
  readonly lists: ItemLists;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/**
 * The files that references of kind `bytes` name, in Base64: attached to an item, or a document. The SDK resolves only
 * references to text. Two requests a file, after those for the items. Rejects if 1Password fails as a whole.
 */
export async function readFiles(
  references: readonly ItemReference[],
  options: FilesOptions,
): Promise<Answers> {
  const answers: Answers = new Map();
  for (const [reference, item] of await readItems(references, options))
    answers.set(
      reference.text,
      item instanceof AuthSessionsError ? item : await readFile(item, reference, options),
    );
  return answers;
}

async function readFile(
  item: Item,
  reference: ItemReference,
  { ask, signal }: FilesOptions,
): Promise<SecretValue | AuthSessionsError> {
  const file = fileOf(item, reference);
  if (file instanceof AuthSessionsError) return file;
  const refusal = tooLarge(reference, file.size);
  if (refusal) return refusal;
  try {
    const bytes = await ask(({ items }) => items.files.read(item.vaultId, item.id, file), signal);
    const websites = websitesOf(item);
    return new SecretValue(Buffer.from(bytes).toString('base64'), reference.text, { websites });
  } catch (error) {
    if (isOfReferences(error)) return atReference(error, reference);
    throw error;
  }
}

/** By the names or IDs of file and section, in any case. */
function fileOf(item: Item, reference: ItemReference): FileAttributes | AuthSessionsError {
  const { files, document, sections } = item;
  const isNamed = (name: string | undefined, ...names: readonly (string | undefined)[]) =>
    names.some((one) => one !== undefined && one.toLowerCase() === name?.toLowerCase());
  const inSection = sections
    .filter(({ id, title }) => isNamed(reference.section, id, title))
    .map(({ id }) => id);
  const attached = files.filter(
    ({ sectionId }) => reference.section === undefined || inSection.includes(sectionId),
  );
  const all = [
    ...attached.map(({ attributes, fieldId }) => ({ attributes, fieldId })),
    ...(document && reference.section === undefined ? [{ attributes: document, fieldId: undefined }] : []),
  ];
  const found = all.filter(({ attributes: { name, id }, fieldId }) =>
    isNamed(reference.field, name, id, fieldId),
  );
  const [first, ...others] = found;
  if (!first) return noFile(reference, namesOf(item));
  if (others.length > 0)
    return unresolved(reference, 'ERR_VAULT_AMBIGUOUS', {
      known: `${found.length} files of the item have this name.`,
      next: 'Name the section, or rename the others in 1Password.',
    });
  return first.attributes;
}

function noFile(reference: ItemReference, names: readonly string[]): AuthSessionsError {
  const shown = names.slice(0, mostShown).map((name) => JSON.stringify(name));
  const more = names.length > mostShown ? ` and ${names.length - mostShown} more` : '';
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known:
      names.length === 0
        ? 'Its item has no files.'
        : `Its item has no such file. It has ${shown.join(', ')}${more}.`,
    next: 'Use the name of a file, or remove ?encoding=base64 if you refer to a field.',
  });
}

function namesOf({ files, document }: Item): string[] {
  return [...files.map(({ attributes }) => attributes.name), ...(document ? [document.name] : [])];
}

const mostShown = 5;
