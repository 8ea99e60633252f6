import path from 'node:path';
import { structuredPatch } from 'diff';
import type { Style } from '../terminal/style.js';
import type { FileChange } from './file-change.js';
import { maskSecrets } from './mask-secrets.js';

/** The planned changes in the format of `diff -u`, without values that look like secrets. */
export function formatDiff(changes: readonly FileChange[], folder: string, style: Style): string {
  return changes.map((change) => formatChange(change, folder, style)).join('\n\n');
}

function formatChange({ file, before, after }: FileChange, folder: string, style: Style): string {
  const name = path.relative(folder, file).replaceAll('\\', '/') || file;
  const shown = (text: string) => maskSecrets(file, text);
  const { hunks } = structuredPatch(name, name, shown(before ?? ''), shown(after), '', '', { context: 3 });
  const head = style.strong(before === undefined ? `${name} (new)` : name);
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: changed }) => [
    style.quiet(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
    ...changed.map((line) => paint(line, style)),
  ]);
  return [head, ...lines].join('\n');
}

function paint(line: string, style: Style): string {
  if (line.startsWith('+')) return style.good(line);
  return line.startsWith('-') ? style.trouble(line) : line;
}
