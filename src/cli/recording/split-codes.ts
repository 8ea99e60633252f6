/** The place of a single character in a code typed into a row of boxes. */
export interface CodePart {
  /** Name of the flow's variable with the whole code: `code`, `code2`. */
  readonly name: string;
  readonly position: number;
}

/**
 * Finds codes in rows of boxes: consecutive steps that fill one digit each. `typed` has each step's text, or
 * `undefined` for a step that fills nothing and ends a row.
 */
export function findSplitCodes(
  typed: readonly (string | undefined)[],
  isCode: (text: string) => boolean,
): ReadonlyMap<number, CodePart> {
  const parts = new Map<number, CodePart>();
  let row: number[] = [];
  let rows = 0;
  const end = () => {
    const code = row.map((index) => typed[index]).join('');
    if (isCode(code) || (row.length >= fewestDigits && row.length <= mostDigits)) {
      rows += 1;
      const name = rows === 1 ? 'code' : `code${rows}`;
      row.forEach((index, position) => parts.set(index, { name, position }));
    }
    row = [];
  };
  typed.forEach((text, index) => {
    if (text !== undefined && /^\d$/.test(text)) row.push(index);
    else end();
  });
  end();
  return parts;
}

const fewestDigits = 6;
const mostDigits = 8;
