import type { Cell, PartResult, Table } from './part.js';
import type { MeasuredPart, Results } from './results.js';

/** The results in Markdown. `pictures` is where the plots are, from the Markdown file. */
export function formatResults(results: Results, { pictures }: { readonly pictures: string }): string {
  return results.parts.map((part) => formatPart(part, pictures)).join('\n\n');
}

function formatPart(
  { title, machine, measuredOn, rounds, quick, result }: MeasuredPart,
  pictures: string,
): string {
  const { cores, memoryGB, node, playwright, chromium, system } = machine;
  const how = quick
    ? '**Quick run: these figures mean nothing.**'
    : `Measured on ${measuredOn}: ${cores} cores, ${memoryGB} GB, ${system}, Node ${node}, Playwright ${playwright}, ${chromium}; ${count(rounds, 'round')}.`;
  return [
    `## ${title}`,
    result.method,
    how,
    ...(result.goals.length > 0 ? [formatGoals(result)] : []),
    ...result.tables.map(formatTable),
    ...result.plots.map(
      ({ name, title: words }) =>
        `<picture><source media="(prefers-color-scheme: dark)" srcset="${pictures}${name}-dark.svg"><img alt="${words}" src="${pictures}${name}-light.svg"></picture>`,
    ),
  ].join('\n\n');
}

function formatGoals({ goals }: PartResult): string {
  return formatTable({
    columns: ['goal', 'measured', 'reached'],
    rows: goals.map(({ goal, measured, reached }) => [goal, measured, reached ? 'yes' : '**no**']),
  });
}

/** A Markdown table with columns as wide as their longest cell. */
export function formatTable({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(formatCell));
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((row) => row[index]?.length ?? 0)));
  const isFigure = columns.map((_, index) => rows.every((row) => typeof row[index] !== 'string'));
  const lay = (row: readonly string[]) =>
    `| ${row.map((cell, index) => (isFigure[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, index) =>
    isFigure[index] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [head = [], ...body] = cells;
  const lines = [lay(head), lay(rule), ...body.map(lay)].join('\n');
  return title === undefined ? lines : `**${title}**\n\n${lines}`;
}

/** A spread as `12.3 (11.9–14.0)`. */
export function formatCell(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell.replaceAll('|', '\\|');
  if (typeof cell === 'number') return formatFigure(cell);
  const { median, min, max } = cell;
  return min === max
    ? formatFigure(median)
    : `${formatFigure(median)} (${formatFigure(min)}–${formatFigure(max)})`;
}

/** Three significant digits, and no fewer than the whole part has. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

export function count(number: number, noun: string): string {
  return `${formatFigure(number)} ${noun}${number === 1 ? '' : 's'}`;
}
