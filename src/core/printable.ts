/**
 * A name from outside, such as a file's, as part of a printed line: what a terminal or a CI system would obey is
 * written as an escape, so that a name neither ends the line nor moves the cursor nor is a workflow command.
 *
 * Covers control characters, line and paragraph separators, invisible and direction-changing characters, lone halves
 * of surrogate pairs, and the beginnings of commands: `::` and `##[` of GitHub Actions, `##vso[` of Azure Pipelines,
 * `##teamcity[` of TeamCity.
 */
export function printable(text: string): string {
  return text
    .replaceAll(obeyed, escapeOf)
    .replaceAll(/:(?=:)/g, escapeOf(':'))
    .replaceAll(/#(?=#)/g, escapeOf('#'));
}

/** The same of JSON on one line, which stays the same JSON. */
export function printableJson(json: string): string {
  return json.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|#(?=#)/gu, (character) =>
    character
      .split('')
      .map((half) => unicodeEscape(half.charCodeAt(0)))
      .join(''),
  );
}

function escapeOf(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  return unicodeEscape(character.codePointAt(0) ?? 0);
}

function unicodeEscape(code: number): string {
  const digits = code.toString(16);
  return digits.length > 4 ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
