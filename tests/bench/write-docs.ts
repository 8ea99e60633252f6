import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatResults } from './format-results.js';
import { writePlots, type Results } from './results.js';

const begin = '<!-- results: written by npm run bench -- --docs -->';
const end = '<!-- end of results -->';
const prefix = 'bench-';

/** Puts the results into `docs/benchmarks.md`, between its marks, and the plots beside the other pictures. */
export function writeDocs(root: string, results: Results): void {
  const measured = { parts: results.parts.filter(({ quick }) => !quick) };
  if (measured.parts.length === 0) throw new Error('Nothing is measured yet. Run: npm run bench');
  const page = path.join(root, 'docs/benchmarks.md');
  writeFileSync(page, replaceResults(readFileSync(page, 'utf8'), measured));
  writePlots(path.join(root, 'docs/pictures'), measured, prefix);
  const formatter = path.join(root, 'node_modules/oxfmt/bin/oxfmt');
  spawnSync(process.execPath, [formatter, page], { cwd: root, stdio: 'inherit' });
}

/** @throws Error if the marks are missing */
export function replaceResults(page: string, results: Results): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('The page has no place for the results.');
  const text = formatResults(results, { pictures: `./pictures/${prefix}` });
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}
