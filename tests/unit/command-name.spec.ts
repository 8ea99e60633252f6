import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';

// npx installs what is not there: advice must name our package, or it fetches what somebody publishes under another name.

const root = path.resolve(import.meta.dirname, '../..');
const manifest = createRequire(import.meta.url)(path.join(root, 'package.json')) as {
  name: string;
  bin: Record<string, string>;
};

test('the command is called as the package', () => {
  expect(Object.keys(manifest.bin)).toEqual([manifest.name]);
});

test('nothing names the command otherwise', () => {
  const read = (file: string) => readFileSync(file, 'utf8').split('\n');
  const found = textFiles().flatMap((file) =>
    read(file)
      .filter(namesAnotherCommand)
      .map((line) => `${path.relative(root, file)}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test('finds the command by another name', () => {
  expect(
    [
      'run `npx auth-sessions doctor`',
      'yarn auth-sessions list',
      'auth-sessions create --all',
      '["auth-sessions", "mcp", "admin"]',
    ].every(namesAnotherCommand),
  ).toBe(true);
  expect(
    ['npx playwright-auth-sessions doctor', './auth-flows/auth-sessions.ts', 'auth-sessions: the run'].some(
      namesAnotherCommand,
    ),
  ).toBe(false);
});

function namesAnotherCommand(line: string): boolean {
  return /(?<![\w./-])auth-sessions["']?,? ["']?(check|codegen|create|doctor|export|init|list|local|mcp|open|record|record-flow|remove|scan)\b/.test(
    line,
  );
}

/** All that people read, and the code that prints it. */
function textFiles(): string[] {
  const files = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
  const folders = ['src', 'fixtures', 'reports', 'auth-flows', 'docs', '.github'];
  const below = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((name) => !/reports.output|vitepress.(dist|cache)|docs.api/.test(name)),
  );
  return [...files, ...below]
    .filter((name) => /\.(md|ts|cts|mts|mjs|js|yml|json)$/.test(name))
    .map((name) => path.join(root, name))
    .filter((file) => statSync(file).isFile());
}
