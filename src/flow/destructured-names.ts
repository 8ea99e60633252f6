/**
 * The names that a function destructures from its first parameter, read from its source as Playwright does for
 * fixtures. `undefined` if the parameter is not destructured or has a rest element, or if the source is not available,
 * as for a bound function.
 */
export function destructuredNames(fn: (...args: never[]) => unknown): string[] | undefined {
  const source = withoutComments(fn.toString());
  if (/\{\s*\[native code\]\s*\}$/.test(source)) return undefined;
  const start = source.indexOf('(');
  const arrow = source.indexOf('=>');
  if (start === -1 || (arrow !== -1 && arrow < start)) return undefined;
  const parameters = source.slice(start + 1).trimStart();
  if (parameters.startsWith(')')) return [];
  if (!parameters.startsWith('{')) return undefined;
  const inside = parameters.slice(1, closingBrace(parameters));
  const names = splitTopLevel(inside).map((part) => part.split(/[:=]/, 1)[0]?.trim() ?? '');
  return names.some((name) => name.startsWith('...')) ? undefined : names.filter(Boolean);
}

/** Whether a function of a flow uses requests alone, so that it needs no browser. */
export function asksByRequest(fn: (...args: never[]) => unknown): boolean {
  const names = destructuredNames(fn);
  return names !== undefined && !names.includes('page') && !names.includes('context');
}

function withoutComments(source: string): string {
  return source.replaceAll(textOrComment, (found) => (found.startsWith('/') ? ' ' : found));
}

const textOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;

function closingBrace(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}' && (depth -= 1) === 0) return index;
  }
  return text.length;
}

function splitTopLevel(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if ('{[('.includes(letter)) depth += 1;
    if ('}])'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts;
}
