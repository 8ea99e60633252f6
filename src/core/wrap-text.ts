/**
 * Wraps each line of a text at a width, for readers of reports that do not wrap. The lines that continue another one are
 * indented under it. Words, addresses and commands stay whole, because a person copies them: a line may be longer.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const indent = /^\s*(?:- )?/.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = indent;
  let isEmpty = true;
  for (const word of line.slice(indent.length).match(wholeWord) ?? []) {
    if (!isEmpty && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = `${' '.repeat(indent.length + 2)}${word}`;
    } else current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}

/**
 * A command is one word, up to its sentence's end or the code of the error. So is a line of a flow. No line begins with
 * `at`: Playwright takes an indented one for a line of the stack.
 */
const wholeWord =
  /["'`(]*(?:(?:npx|npm|apt-get) |node -\w )(?:\S*[^\s.,;:!?)"'`] (?!\[))*\S+|\(at \S+ \(\S+|\S+(?: at \S+)*/g;
