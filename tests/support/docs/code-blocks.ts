import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The blocks of code below a heading of a page, in order: `('docs/flows.md', 'Cookies')`. */
export function codeBlocks(page: string, heading: string): readonly string[] {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../..', page), 'utf8');
  const [, section] = text.split(new RegExp(`^## ${heading}$`, 'm'));
  if (section === undefined) throw new Error(`${page} has no heading "${heading}"`);
  const [own = ''] = section.split(/^## /m);
  return [...own.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, code = '']) => code);
}
