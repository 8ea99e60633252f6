import { isSearchable } from './common-values.js';
import { isPlainWords } from './credential-words.js';

/**
 * The lines of a value that identify it, as in a private key: reports print such values line by line, with other
 * characters around each. Leaves out lines common to all such values, and plain words. Empty for a value of one line.
 */
export function tellingLines(value: string): string[] {
  const lines = value.split(/\r\n|\r|\n/).map((line) => line.trim());
  if (lines.filter((line) => line !== '').length < 2) return [];
  return [...new Set(lines)].filter(
    (line) => line.length >= shortestLine && isSearchable(line) && !isCommon(line),
  );
}

/** Banners and headers of keys (RFC 7468, RFC 1421), text, numbers. */
function isCommon(line: string): boolean {
  if (/^-{4,5}.*-{4,5}$/.test(line) || /^[\W_]+$/.test(line)) return true;
  if (/^(?:Proc-Type|DEK-Info|Comment|Version|Subject|Public-Lines|Private-Lines): ?/.test(line)) return true;
  return isPlainWords(line) || /^[\d.,:-]+$/.test(line) || line.split(/\s+/).every(isProse);
}

function isProse(word: string): boolean {
  return (
    /^[\p{P}]*(?:[\p{L}'’-]{0,20}|[\d.:-]{1,10})[\p{P}]*$/u.test(word) && !/[a-z][A-Z].*[a-z][A-Z]/.test(word)
  );
}

/** The last line of a key may be short. Shorter lines identify it too poorly. */
const shortestLine = 8;
