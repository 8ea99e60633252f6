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

/** Pages under one heading of the sidebar. */
export interface PageGroup {
  title: string;
  pages: readonly Page[];
}

/** In reading order. A file that no group names comes last, in the reference or, outside of `docs`, in the project. */
export function listGroups(): readonly PageGroup[] {
  const files = [...markdownIn('docs'), ...markdownIn('.')].filter((file) => file !== home);
  const named = new Set(Object.values(groups).flat());
  const others = files.filter((file) => !named.has(file));
  return Object.entries(groups).map(([title, listed]) => ({
    title,
    pages: [
      ...listed.filter((file) => files.includes(file)),
      ...others.filter((file) => title === (file.startsWith('docs/') ? 'Reference' : 'Project')),
    ].map((file) => ({ file, address: addressOf(file), title: titleOf(file) })),
  }));
}

export function listPages(): readonly Page[] {
  return listGroups().flatMap(({ pages }) => pages);
}

/** Where a Markdown file of the repository is on the site. */
export function addressOf(file: string): string {
  if (file === overview) return 'overview';
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

function markdownIn(folder: string): readonly string[] {
  const names = readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => path.posix.join(folder, name));
}

function titleOf(file: string): string {
  return file === overview ? 'Overview' : (headingsOf(file, '#')[0] ?? addressOf(file));
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const home = 'docs/index.md';
const overview = 'README.md';
const groups: Readonly<Record<string, readonly string[]>> = {
  Start: [
    overview,
    'docs/getting-started.md',
    'docs/flows.md',
    'docs/tests.md',
    'docs/environments.md',
    'docs/websites.md',
    'docs/vaults.md',
    'docs/ci.md',
    'docs/stores.md',
    'docs/pools.md',
    'docs/scripts.md',
    'docs/recipes.md',
    'docs/platforms.md',
  ],
  'Ways to sign in': [
    'docs/single-sign-on.md',
    'docs/mail-codes.md',
    'docs/web-storage.md',
    'docs/headers.md',
    'docs/passkeys.md',
  ],
  Tools: [
    'docs/command-line.md',
    'docs/editors.md',
    'docs/recording.md',
    'docs/agents.md',
    'docs/reports.md',
    'docs/gallery.md',
    'docs/redaction.md',
  ],
  Reference: ['docs/how-it-works.md', 'docs/options.md', 'docs/errors.md', 'docs/benchmarks.md'],
  Project: ['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
};
