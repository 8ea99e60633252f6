import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { formatErrorPage } from '../support/docs/error-page.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

test('the page of error codes is what the code says: npm run docs writes it', () => {
  expect(read('docs/errors.md')).toBe(formatErrorPage());
});

for (const page of pages)
  test(`${page} links to files that are there, and to headings that are`, () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((one) => !/^[a-z]+:/.test(one))) {
      const [file = '', heading] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      expect(existsSync(path.join(root, target)), link).toBe(true);
      if (heading !== undefined) expect(headingsOf(read(target)), link).toContain(heading);
    }
  });

test('every option is on the page of options', () => {
  const page = read('docs/options.md');
  const sources = ['src/core/auth-session.ts', 'src/core/auth-flow.ts'].map(read).join('\n');
  const options = [...sources.matchAll(/^ +readonly (\w+)\?:/gm)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(25);
  expect(options.filter((name) => !new RegExp(`\\b${name ?? ''}\\b`).test(page))).toEqual([]);
});

/** As GitHub makes anchors of headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
