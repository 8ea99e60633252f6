import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { run } from '../run/command.mjs';
import { npmCommand } from '../run/packages.mjs';

const root = path.resolve(import.meta.dirname, '../..');

test('every link of a page in the package leads to a file in the package', async () => {
  const files = await packedFiles();
  const pages = files.filter((file) => file.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/getting-started.md']));
  const dead = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => !files.includes(target))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

/** As npm lists them for this package.json, without building. */
async function packedFiles(): Promise<readonly string[]> {
  const [command, ...args] = npmCommand();
  const packing = [...args, 'pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
  const { code, output } = await run(command, packing, { cwd: root, quiet: true });
  expect(code, output).toBe(0);
  const [packed] = JSON.parse(output) as readonly { files: readonly { path: string }[] }[];
  return (packed?.files ?? []).map((file) => file.path);
}

/** The files that a page links to or shows, from the repository's root. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s#]+)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => path.posix.join(path.posix.dirname(page), link))
    .filter((target) => existsSync(path.join(root, target)));
}
