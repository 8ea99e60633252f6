import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A Markdown file of the repository that is a page of the site. */
export interface Page {
  /** From the repository's root, with `/`. */
  file: string;
  /** From the site's root, without an ending: `options`. */
  address: string;
  title: string;
}

export const root = path.resolve(import.meta.dirname, '../..');

/** In reading order; a file that the order does not know comes after the other pages of its folder. */
export function listPages(): readonly Page[] {
  const documents = markdownIn('docs').filter((file) => file !== home);
  return [
    ...sorted([firstPage, ...documents]),
    ...sorted(markdownIn('.').filter((file) => file !== firstPage)),
  ].map((file) => ({ file, address: addressOf(file), title: file === firstPage ? 'Guide' : titleOf(file) }));
}

/** Where a Markdown file of the repository is on the site. */
export function addressOf(file: string): string {
  if (file === firstPage) return 'guide';
  const name = file.replace(/\.md$/, '');
  return name.startsWith('docs/') ? name.slice('docs/'.length) : name.toLowerCase();
}

/** The headings of a file, as they are written; `rank` is a pattern such as `##`. */
export function headingsOf(file: string, rank: string): readonly string[] {
  const text = read(file).replaceAll(/^(`{3,})[^]*?^\1/gm, '');
  return [...text.matchAll(new RegExp(`^${rank} (.+)$`, 'gm'))].map(([, heading = '']) => heading);
}

/** The anchor of a heading, as GitHub makes it: a link with one works in both places. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function sorted(files: readonly string[]): readonly string[] {
  const rank = (file: string) => (order.includes(file) ? order.indexOf(file) : order.length);
  return files.toSorted((a, b) => rank(a) - rank(b));
}

function markdownIn(folder: string): readonly string[] {
  const names = readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => path.posix.join(folder, name));
}

function titleOf(file: string): string {
  return headingsOf(file, '#')[0] ?? addressOf(file);
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const home = 'docs/index.md';
const firstPage = 'README.md';
const order = [
  firstPage,
  'docs/recipes.md',
  'docs/options.md',
  'docs/errors.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
];
