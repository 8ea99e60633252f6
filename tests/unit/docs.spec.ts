import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runProgram } from '../../src/cli/run-program.js';
import { errorAdvice } from '../../src/core/error-advice.js';
import { createSink } from '../support/command-line.js';
import { formatCommandOptions, ownSection } from '../support/docs/command-options.js';
import { formatErrorPage } from '../support/docs/error-page.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

test('the page of error codes is what the code says: npm run docs writes it', () => {
  expect(read('docs/errors.md')).toBe(formatErrorPage());
});

test('the page of error codes has each code once, under its topic', () => {
  const listed = [...formatErrorPage().matchAll(/^### (ERR_\w+)$/gm)].map(([, code]) => code);
  expect(listed).toEqual(Object.keys(errorAdvice));
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

test('README has at most 120 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('the page of the command line lists every command, and no other', async () => {
  const [, section = ''] = read('docs/command-line.md').split('\n## Commands\n');
  const [table = ''] = section.split('\n![');
  const listed = [...table.matchAll(/^\| `([a-z-]+(?: [a-z-]+)*)/gm)].map(([, name = '']) => name);
  const commands = (await commandsOf([])).filter((name) => name !== 'local');
  const local = (await commandsOf(['local'])).map((name) => `local ${name}`);
  expect(listed.sort()).toEqual([...commands, ...local].sort());
});

test('the page of the command line has every option of every command: npm run docs writes it', () => {
  expect(ownSection(read('docs/command-line.md'))).toBe(formatCommandOptions());
});

/** As `--help` lists them. */
async function commandsOf(group: readonly string[]): Promise<string[]> {
  const [stdout, stderr] = [createSink(), createSink()];
  const around = { folder: root, env: {}, signal: new AbortController().signal };
  await runProgram([...group, '--help'], { ...around, stdout: stdout.stream, stderr: stderr.stream });
  const [, list = ''] = stdout.text().split('Commands:\n');
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

/** As GitHub makes anchors of headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
