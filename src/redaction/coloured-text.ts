import { stripVTControlCharacters } from 'node:util';

/**
 * Redacts a text for terminals and pages. Playwright's expectations colour the parts of a value that differ, and pages
 * put signs of no width between letters, so that a value can have either in its midst: where it has, the text loses
 * them with it.
 */
export function redactColoured(text: string, redact: (plain: string) => string): string {
  const redacted = redact(text);
  if (!unseen.test(text)) return redacted;
  const plain = redact(withoutUnseen(text));
  return plain === withoutUnseen(redacted) ? redacted : plain;
}

/** Without colours, soft hyphens and signs of no width. */
export function withoutUnseen(text: string): string {
  const plain = text.includes(escape) ? stripVTControlCharacters(text) : text;
  return plain.replaceAll(noWidth, '');
}

/** Whether `redactColoured` does more than to redact. */
export function hasUnseen(bytes: Buffer): boolean {
  return marks.some((mark) => bytes.includes(mark)) && unseen.test(bytes.toString());
}

const escape = '\u001B';
/** Soft hyphen, grapheme joiner, zero-width space, joiners and marks of direction, word joiner, byte order mark. */
const noWidth = /\u00AD|\u034F|[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;
const unseen = new RegExp(`${escape}|${noWidth.source}`);
/** Their first bytes in UTF-8. */
const marks = [0x1b, 0xad, 0xcd, 0xe2, 0xef];
