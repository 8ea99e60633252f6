import type { parse } from 'csv-parse/sync';
import { firstLine } from '../../core/first-line.js';
import { printable } from '../../core/printable.js';
import { unusableFile } from '../files/read-text-file.js';

/** An item that 1Password reports as used, in the words of the report. */
export interface ReportedUse {
  /** The item's title, or its ID where the report has no titles. */
  readonly item: string;
  readonly itemId: string | undefined;
  readonly vault: string | undefined;
  readonly vaultId: string | undefined;
  /** Milliseconds since the epoch. `undefined`: the report has no date that names its time zone. */
  readonly lastUsedMs: number | undefined;
  /** As written in the report. */
  readonly lastUsed: string | undefined;
}

/**
 * Reads a usage report of a service account, as 1Password exports it. Columns are found by their heads, in any order.
 *
 * @throws AuthSessionsError `ERR_FILE_UNUSABLE`
 */
export async function parseUsageReport(text: string, file: string): Promise<readonly ReportedUse[]> {
  const { parse } = await import('csv-parse/sync');
  const [head = [], ...rows] = readRows(text, file, parse);
  const at = findColumns(head);
  if (at.item === undefined && at.itemId === undefined)
    throw unusableFile(
      file,
      `No column is an item. The columns are: ${head.map((name) => printable(name)).join(', ') || 'none'}.`,
      'Export the usage report of the service account as CSV. An item is in a column "Item", "Item Name", "Title" or "Item UUID".',
    );
  const uses = rows.flatMap((row): ReportedUse[] => {
    const cell = (column: number | undefined) => {
      const text = column === undefined ? '' : (row[column] ?? '');
      return text === '' ? undefined : text;
    };
    const itemId = cell(at.itemId);
    const item = cell(at.item) ?? itemId;
    const lastUsed = cell(at.lastUsed);
    if (item === undefined) return [];
    const [vault, vaultId] = [cell(at.vault), cell(at.vaultId)];
    return [{ item, itemId, vault, vaultId, lastUsed, lastUsedMs: readTime(lastUsed) }];
  });
  return lastOfEach(uses);
}

/** A report may have a line for each kind of use of an item. */
function lastOfEach(uses: readonly ReportedUse[]): readonly ReportedUse[] {
  const last = new Map<string, ReportedUse>();
  for (const use of uses) {
    const key = JSON.stringify([use.vaultId ?? use.vault, use.itemId ?? use.item]);
    const before = last.get(key);
    if (!before || (use.lastUsedMs ?? 0) >= (before.lastUsedMs ?? 0)) last.set(key, use);
  }
  return [...last.values()];
}

function readRows(text: string, file: string, read: typeof parse): string[][] {
  try {
    return read(text, { bom: true, relaxColumnCount: true, skipEmptyLines: true, trim: true });
  } catch (error) {
    throw unusableFile(
      file,
      `It is not CSV: ${firstLine(error)}.`,
      'Export the usage report of the service account as CSV.',
    );
  }
}

type Column = 'item' | 'itemId' | 'vault' | 'vaultId' | 'lastUsed';

/** Heads as 1Password's documentation and its Events API name these things. */
const heads: Readonly<Record<Column, RegExp>> = {
  item: /^(item|item ?(name|title)|title|name)$/,
  itemId: /^item ?(uu)?id$/,
  vault: /^(vault|vault ?(name|title))$/,
  vaultId: /^vault ?(uu)?id$/,
  lastUsed:
    /^(last ?(used|accessed|access|usage)( ?(at|on|date|time))?|date|time|timestamp|(used|accessed) ?(at|on))$/,
};

function findColumns(head: readonly string[]): Partial<Record<Column, number>> {
  const names = head.map((name) =>
    name
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' ')
      .trim(),
  );
  const found = Object.entries(heads).map(([column, like]) => [
    column,
    names.findIndex((name) => like.test(name)),
  ]);
  return Object.fromEntries(found.filter(([, index]) => index !== -1)) as Partial<Record<Column, number>>;
}

/** A time without a zone could be half a day off, so it is shown and not compared. */
function readTime(text: string | undefined): number | undefined {
  if (text === undefined || !/\d:\d\d.*(z|utc|gmt|[+-]\d\d:?\d\d)$/i.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
