import type { Field, Section } from './field.js';
import { formatFile, type StoredFile } from './file.js';
import type { Item } from './item.js';

/** What of an item is encrypted as its overview: enough for lists, nothing secret. */
export function formatOverview({ contents }: Item): Record<string, unknown> {
  const { title, formFields, tags = [] } = contents;
  const urls = (contents.urls ?? []).map((one) =>
    typeof one === 'string' ? { url: one, mode: 'default' } : one,
  );
  const username = formFields.find(({ designation }) => designation === 'username')?.value;
  return {
    title,
    ainfo: username ?? '',
    url: urls[0]?.url ?? '',
    URLs: urls.map(({ url, mode }) => ({ l: 'website', u: url, m: mode })),
    tags,
    ps: 0,
  };
}

/** What of an item is encrypted as its details: all of its fields. */
export function formatDetails({ contents }: Item): Record<string, unknown> {
  const { category, formFields, sections, notes = '', document } = contents;
  const details = {
    sections: sections.map(formatSection),
    notesPlain: notes,
    passwordHistory: [],
    ...(document && { documentAttributes: formatFile(document) }),
  };
  if (category === 'Password') return { ...details, password: formFields[0]?.value };
  return { ...details, fields: formFields.map(formatFormField) };
}

function formatFormField({ id, title, kind, value, designation }: Field): Record<string, unknown> {
  return { designation, name: title, id, type: kind === 'concealed' ? 'P' : 'T', value };
}

function formatSection({ id, title, fields }: Section): Record<string, unknown> {
  return {
    name: id,
    title,
    fields: fields.map((field) => ({
      n: field.id,
      t: field.title,
      k: field.kind,
      v: field.kind === 'file' ? formatFile(field.value as StoredFile) : field.value,
      ...(field.attributes && { a: field.attributes }),
    })),
  };
}
