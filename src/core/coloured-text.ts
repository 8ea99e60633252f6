import { stripVTControlCharacters } from 'node:util';

/**
 * Redacts a text for terminals. Playwright's expectations colour the parts of a value that differ, so that a value
 * can have colours in its midst: where it has, the text loses its colours with it.
 */
export function redactColoured(text: string, redact: (plain: string) => string): string {
  const redacted = redact(text);
  if (!text.includes(escape)) return redacted;
  const plain = redact(stripVTControlCharacters(text));
  return plain === stripVTControlCharacters(redacted) ? redacted : plain;
}

const escape = '\u001B';
