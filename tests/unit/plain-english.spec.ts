import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** Words that this project avoids, each with what to write instead. */
const avoided: readonly (readonly [RegExp, string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:tells?|telling|told)\b/i, 'report, say, send, show'],
  [/\banew\b/i, 'again'],
  [/\bwhoever\b/i, 'anyone who, or name the caller'],
  [/\bwhatever\b/i, 'any, or "even if"'],
  [/(?<!\bthere )\b(?:is|are) none\b/i, 'is not, are not'],
  [/\bof (?:its|their|his|her|our|your|one.s) own\b/i, 'its own, separate'],
  [/\b(?:go|goes|going) before\b/i, 'overrides, comes first'],
  [/\bas (?:it|they) do(?:es)?\b/i, 'like'],
  [/\bwho there is\b/i, 'which accounts or sessions'],
  [/\b(?:take|takes|taken|taking|took) (?:away|out)\b/i, 'remove'],
  [/\bat (?:a|the|their|your) desk\b/i, "on a developer's machine"],
  [/\bnobody foresaw\b/i, 'unexpected'],
];

const root = path.resolve(import.meta.dirname, '../..');

test('comments and messages of the code use plain words', () => {
  const found = filesIn(['src', 'fixtures', 'reports', 'auth-flows', 'playwright.config.ts'])
    .filter((file) => /\.(?:[cm]?[jt]s)$/.test(file))
    .flatMap((file) => proseOf(file).flatMap((text) => complaintsAbout(text, file)));
  expect(found).toEqual([]);
});

test('comments and titles of tests use plain words', () => {
  const found = filesIn(['tests'])
    .filter((file) => /\.(?:[cm]?[jt]s)$/.test(file) && !file.endsWith('plain-english.spec.ts'))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return [...commentsIn(text), ...titlesIn(text)].flatMap((one) => complaintsAbout(one, file));
    });
  expect(found).toEqual([]);
});

test('the pages that people read use plain words', () => {
  const pages = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', '.env.auth-sessions.example'];
  const found = filesIn([...pages, 'docs', '.github'])
    .filter((file) => /\.(?:md|yml|example)$/.test(file))
    .flatMap((file) => complaintsAbout(readFileSync(path.join(root, file), 'utf8'), file));
  expect(found).toEqual([]);
});

test('a comment does not begin with "Of", which needs the line above', () => {
  const found = filesIn(['src', 'fixtures', 'reports', 'auth-flows'])
    .filter((file) => /\.(?:[cm]?[jt]s)$/.test(file))
    .flatMap((file) =>
      commentsOf(file).filter((text) => /^(?:\/\*\*?\s*\**|\/\/)\s*(?:As )?[Oo]f\b/.test(text)),
    );
  expect(found).toEqual([]);
});

test('a title of a test or a group can be read without the line above', () => {
  const found = filesIn(['tests'])
    .filter((file) => /\.(?:[cm]?[jt]s)$/.test(file) && !file.endsWith('plain-english.spec.ts'))
    .flatMap((file) => titlesIn(readFileSync(path.join(root, file), 'utf8')).filter(needsLineAbove));
  expect(found).toEqual([]);
});

test('finds a title that needs the line above', () => {
  const text =
    "test('that is gone', () => {}); test('a thing that is gone', () => {}); test(`of ${name}`, () => {});";
  expect(titlesIn(text).filter(needsLineAbove)).toEqual(['that is gone', 'of ']);
});

test('finds an avoided word in comments, messages and templates, and in no name', () => {
  const prose = proseIn("/** Told. */ const told = tell('tell', 'is told', `mend ${file} anew`); // whoever");
  expect(prose.flatMap((text) => complaintsAbout(text, 'a.ts')).sort()).toEqual([
    'a.ts: "Told" (write: report, say, send, show)',
    'a.ts: "anew" (write: again)',
    'a.ts: "mend" (write: fix)',
    'a.ts: "told" (write: report, say, send, show)',
    'a.ts: "whoever" (write: anyone who, or name the caller)',
  ]);
});

test('finds an avoided word in a title and in a comment of a test, and not in what it tries', () => {
  const text = "test('is told', () => run('whoever')); // anew\ntest.describe(`mend ${name}`, () => {});";
  expect(
    [...titlesIn(text), ...commentsIn(text)].flatMap((one) => complaintsAbout(one, 'a.ts')),
  ).toHaveLength(3);
});

/** A relative clause, or a part of another sentence. */
function needsLineAbove(title: string): boolean {
  return /^(?:of|that|what|where)\b/i.test(title);
}

function complaintsAbout(text: string, file: string): string[] {
  const words = text.replaceAll(/\s*\n[\s*/]*/g, ' ');
  return avoided.flatMap(([pattern, instead]) => {
    const found = pattern.exec(words)?.[0];
    return found === undefined ? [] : [`${file}: "${found}" (write: ${instead})`];
  });
}

function proseOf(file: string): string[] {
  return proseIn(readFileSync(path.join(root, file), 'utf8'));
}

/** The comments of a source text, and its string literals of several words: others are names. */
function proseIn(text: string): string[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const comments = new Map<number, string>();
  const literals: string[] = [];
  const visit = (node: ts.Node): void => {
    const around = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of around) comments.set(pos, text.slice(pos, end));
    const parent = node === source ? node : node.parent;
    const isImport = ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
    if (ts.isLiteralExpression(node) && !isImport && node.text.includes(' ')) literals.push(node.text);
    if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) literals.push(node.text);
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...comments.values(), ...literals];
}

function commentsOf(file: string): string[] {
  return commentsIn(readFileSync(path.join(root, file), 'utf8'));
}

/** Comments by a quick search, which may take a string for one. */
function commentsIn(text: string): string[] {
  return [...text.matchAll(/\/\*\*[^]*?\*\/|(?<=^|[\s;])\/\/ .*$/gm)].map(([comment]) => comment);
}

/** The titles of tests and groups, where they are literals. */
function titlesIn(text: string): string[] {
  return [...text.matchAll(/\btest(?:\.describe)?\(\s*(['"`])(.*?)\1,/g)].map(([, , title = '']) =>
    title.replaceAll(/\$\{.*?\}/g, ''),
  );
}

function filesIn(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (path.extname(name) !== '' && !name.startsWith('.github')) return [name];
    return readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(name, file))
      .filter((file) => !/node_modules|reports.output|vitepress.(?:dist|cache)|docs.api/.test(file));
  });
}
