import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** Names whose `project` is Playwright's: one of a config's `projects`. */
const playwrightProjects = [
  'projectSessions',
  'ProjectNode',
  'SetupProject',
  'findSetupProjects',
  'DescribedProject',
  'ProjectPlan',
];

/** Names of keys, and which key they mean. */
const otherKeys: Readonly<Record<string, string>> = {
  findSessionOfKey: 'an entry key',
  isolatedKey: 'an entry key',
  Passkey: "Playwright's word",
};

test('exported names say "project" of Playwright\'s projects alone', () => {
  expect(exportedNames().filter((name) => /project/i.test(name))).toEqual(playwrightProjects);
});

test('exported names that end in "key" say which key', () => {
  const keys = exportedNames().filter(
    (name) => /keys?$/i.test(name) && !/(?:store|entry|local)keys?$/i.test(name),
  );
  expect(keys.sort()).toEqual(Object.keys(otherKeys).sort());
});

function exportedNames(): string[] {
  return listModules().flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    return source.statements.flatMap((statement) => {
      if (!ts.canHaveModifiers(statement)) return [];
      if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
      if (ts.isVariableStatement(statement))
        return statement.declarationList.declarations.map(({ name }) => name.getText());
      return 'name' in statement ? [(statement.name as ts.Identifier | undefined)?.text ?? ''] : [];
    });
  });
}

function listModules(): readonly string[] {
  return ['src', 'fixtures', 'reports']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
        .sort(),
    )
    .filter((file) => file.endsWith('.ts') && !file.startsWith('reports/output/'));
}

const root = join(import.meta.dirname, '../..');
