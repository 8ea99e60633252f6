import type { SecretValue } from './secret-value.js';

/** Knows secrets, and replaces them in anything that leaves. A value is registered before anyone can use it. */
export interface Redactor {
  add(secret: SecretValue): void;
  redact(text: string): string;
}

/** Values shorter than this are found by accident too often to be searched for, in any form. */
const shortestSearched = 4;

/** Replaces each known value, as it is and as JSON, URIs, forms, HTML and base64 write it, by `[redacted:label]`. */
export function createRedactor(): Redactor {
  const replacements = new Map<string, string>();
  let pattern: RegExp | undefined;
  return {
    add(secret) {
      const value = secret.reveal();
      if (value.length < shortestSearched) return;
      for (const form of writtenForms(value)) replacements.set(form, `[redacted:${secret.label}]`);
      pattern = undefined;
    },
    redact(text) {
      if (replacements.size === 0) return text;
      pattern ??= anyOf([...replacements.keys()]);
      return text.replace(pattern, (found) => replacements.get(found) ?? '[redacted]');
    },
  };
}

function writtenForms(value: string): Set<string> {
  const json = JSON.stringify(value).slice(1, -1);
  const uri = encodeURIComponent(wellFormed(value));
  return new Set([
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    uri,
    uri.replaceAll('%20', '+'),
    encodeURI(wellFormed(value)),
    new URLSearchParams({ '': value }).toString().slice(1),
    ...htmlForms(value),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
  ]);
}

/** Lone surrogates have no URI form: `encodeURIComponent` would throw on them. */
function wellFormed(value: string): string {
  return Buffer.from(value).toString();
}

/** As browsers write a text and an attribute, and as servers write either. */
function htmlForms(value: string): string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = text.replaceAll('"', '&quot;');
  const attribute = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return [
    text,
    attribute,
    quoted,
    ...['&#39;', '&#x27;', '&apos;'].map((one) => quoted.replaceAll("'", one)),
  ];
}

/** Longest first: where one value begins with another, the whole of it goes. */
function anyOf(forms: string[]): RegExp {
  const sorted = forms.sort((one, other) => other.length - one.length);
  return new RegExp(sorted.map((form) => form.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'), 'g');
}
