/**
 * Makes an external name, such as a file's, safe to print: anything that a terminal or a CI system would interpret is
 * escaped, so that a name cannot end the line, move the cursor or run a workflow command.
 *
 * Covers control characters, line and paragraph separators, invisible and direction-changing characters, lone
 * surrogates, and the beginnings of commands: `::` and `##[` of GitHub Actions, `##vso[` of Azure Pipelines,
 * `##teamcity[` of TeamCity.
 */
export function printable(text: string): string {
  return text
    .replaceAll(obeyed, escapeOf)
    .replaceAll(/:(?=:)/g, escapeOf(':'))
    .replaceAll(/#(?=#)/g, escapeOf('#'));
}

/** Does the same for single-line JSON, which stays equivalent. */
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
