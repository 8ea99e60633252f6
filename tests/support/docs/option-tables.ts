/** A row of a table of docs/options.md. */
export interface DocumentedOption {
  readonly option: string;
  readonly type: string;
  /** As it stands there, without its quotes of code. */
  readonly fallback: string;
}

/** The tables of a page, by the paragraph that introduces each. */
export function readOptionTables(page: string): ReadonlyMap<string, readonly DocumentedOption[]> {
  const tables = new Map<string, DocumentedOption[]>();
  let head = '';
  for (const line of page.split('\n')) {
    if (line.startsWith('|')) tables.set(head, [...(tables.get(head) ?? []), ...readRow(line)]);
    else if (line.trim() !== '') head = line;
  }
  return tables;
}

/** A row of options begins with a name in code. */
function readRow(line: string): DocumentedOption[] {
  const [option = '', type = '', fallback = ''] = line
    .replaceAll('\\|', '\u0000')
    .split('|')
    .slice(1)
    .map((cell) => cell.trim().replaceAll('\u0000', '|').replaceAll('`', ''));
  return /^\| *`/.test(line) ? [{ option, type, fallback }] : [];
}
