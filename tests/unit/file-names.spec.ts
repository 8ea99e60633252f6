import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** Files named after what their exports belong to. */
const exceptions: Readonly<Record<string, string>> = {
  'src/core/ports.ts': 'the interfaces that adapters implement',
  'src/cli/files/git.ts': 'what is asked of Git',
  'src/vault/one-password/refusals.ts': 'the errors after which nothing more is asked',
  'fixtures/playwright/playwright-insides.ts': "everything that depends on Playwright's internals",
};

test("every file's name has a word of what it exports", () => {
  const misnamed = listModules().filter(
    (file) => !namesAnExport(file, readFileSync(join(root, file), 'utf8')),
  );
  expect(misnamed.sort()).toEqual(Object.keys(exceptions).sort());
});

test('finds a file that is named after nothing it exports', () => {
  expect(namesAnExport('src/a/missing-vault.ts', 'export function decide() {}')).toBe(false);
  expect(namesAnExport('src/a/missing-vault.ts', 'export function explainMissing() {}')).toBe(true);
  expect(namesAnExport('src/a/store-keys.ts', 'export interface StoreKey {}')).toBe(true);
  expect(namesAnExport('src/a/main.ts', 'start();')).toBe(true);
});

function namesAnExport(file: string, text: string): boolean {
  const names = exportedNames(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  const words = posix
    .basename(file, '.ts')
    .split('-')
    .filter((word) => !smallWords.includes(word))
    .map(stemOf);
  return names.length === 0 || names.some((name) => words.some((word) => name.toLowerCase().includes(word)));
}

function exportedNames(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    return 'name' in statement ? [(statement.name as ts.Identifier | undefined)?.text ?? ''] : [];
  });
}

function stemOf(word: string): string {
  return word.length > 3 ? word.replace(/s$/, '') : word;
}

function listModules(): readonly string[] {
  return ['src', 'fixtures', 'reports']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        posix.join(folder, name.replaceAll('\\', '/')),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.startsWith('reports/output/'));
}

const smallWords = ['of', 'in', 'on', 'to', 'is', 'by', 'the', 'with'];
const root = join(import.meta.dirname, '../..');
