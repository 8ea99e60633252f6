import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** A layer, and the layers whose modules it may import besides its own. Type-only imports are free. */
const layers: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/files': ['src/core'],
  'src/artifacts': ['src/files', 'src/core'],
  'src/vault': ['src/core'],
  'src/store': ['src/files', 'src/core'],
  'src/broker': ['src/files', 'src/artifacts', 'src/vault', 'src/store', 'src/core'],
  'src/cli': ['reports', 'src/broker', 'src/files', 'src/artifacts', 'src/vault', 'src/store', 'src/core'],
  fixtures: ['reports', 'src/artifacts', 'src/broker', 'src/core'],
  reports: ['src/artifacts', 'src/broker', 'src/core'],
};

/** Packages that only some layers may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@1password/sdk': ['src/vault'],
  otplib: ['src/core', 'src/vault'],
  '@playwright/test': ['src/broker', 'src/cli', 'fixtures', 'reports'],
  'playwright-core': ['src/broker', 'src/cli', 'fixtures', 'reports'],
};

/** What src/core may use of Node: nothing that reaches a file, the network, a process or the time. */
const nodeModulesOfCore = ['node:assert', 'node:buffer', 'node:crypto', 'node:url', 'node:util'];

/** Ways to the clock, to chance and to the outside that need no import. */
const globalsOutsideCore = [
  'Date.now',
  'new Date()',
  'Math.random',
  'performance.now',
  'setTimeout',
  'setInterval',
  'fetch',
  'process',
  'console',
];

test('every module imports only from the layers below its own', () => {
  const violations = Object.keys(layers)
    .flatMap((layer) => listModules(layer))
    .flatMap((file) => findViolations(file, readFileSync(join(root, file), 'utf8')));
  expect(violations).toEqual([]);
});

test('finds an import of a layer above', () => {
  expect(findViolations('src/core/totp.ts', "import { x } from '../vault/local.js';")).toEqual([
    'src/core/totp.ts imports src/vault/local.js',
  ]);
  expect(findViolations('src/broker/main.ts', "await import('../../fixtures/index.js');")).toEqual([
    'src/broker/main.ts imports fixtures/index.js',
  ]);
  expect(findViolations('src/store/redis.ts', "export * from '../vault/local.js';")).toEqual([
    'src/store/redis.ts imports src/vault/local.js',
  ]);
});

test('finds a package and a Node module in a layer that does without', () => {
  const text = "import '@playwright/test';\nimport { readFile } from 'node:fs/promises';";
  expect(findViolations('src/core/totp.ts', text)).toEqual([
    'src/core/totp.ts imports @playwright/test',
    'src/core/totp.ts imports node:fs/promises',
  ]);
});

test('finds a clock and a source of chance in src/core', () => {
  const text = 'const id = `${Date.now()}-${Math.random()}`; const at = new Date(); process.exit();';
  expect(findViolations('src/core/lease.ts', text)).toEqual([
    'src/core/lease.ts uses Date.now',
    'src/core/lease.ts uses Math.random',
    'src/core/lease.ts uses new Date()',
    'src/core/lease.ts uses process',
  ]);
});

test('lets pass what a module may do', () => {
  const text = [
    "import type { Browser } from '@playwright/test';",
    "import type { Store } from '../store/memory.js';",
    "import { createHash } from 'node:crypto';",
    "import { SecretValue } from './secret-value.js';",
    '// Date.now is an argument here',
    'export const at = (ms: number, own: { process: string }) => [new Date(ms), own.process, "fetch"];',
  ].join('\n');
  expect(findViolations('src/core/lease.ts', text)).toEqual([]);
});

/** What a module does that its layer may not, in the order of the text. */
function findViolations(file: string, text: string): readonly string[] {
  const layer = layerOf(file);
  const violations: string[] = [];
  const visit = (node: ts.Node): void => {
    const imported = importedModule(node);
    if (imported !== undefined && !mayImport(layer, resolveImport(file, imported)))
      violations.push(`${file} imports ${resolveImport(file, imported)}`);
    const used = layer === 'src/core' ? usedGlobal(node) : undefined;
    if (used !== undefined) violations.push(`${file} uses ${used}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return violations;
}

function importedModule(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node))
    return isTypeOnly(node.importClause) ? undefined : textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0]);
  return undefined;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function usedGlobal(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && !node.arguments?.length && node.expression.getText() === 'Date')
    return 'new Date()';
  const isName = ts.isIdentifier(node) && isReference(node);
  if (!isName && !ts.isPropertyAccessExpression(node)) return undefined;
  return globalsOutsideCore.find((name) => name === node.getText());
}

/** Not the name of a property, a parameter or another thing of the module's own. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return ts.isElementAccessExpression(parent) && parent.expression === node;
}

function mayImport(layer: string, imported: string): boolean {
  if (layer === 'src/core' && imported.startsWith('node:')) return nodeModulesOfCore.includes(imported);
  const restricted = Object.keys(packages).find((name) => `${imported}/`.startsWith(`${name}/`));
  if (restricted !== undefined) return packages[restricted]?.includes(layer) ?? false;
  if (!isOurs(imported)) return true;
  const other = layerOf(imported);
  return other === layer || (layers[layer] ?? []).includes(other);
}

/** `../vault/local.js` in src/core/totp.ts is `src/vault/local.js`; a package keeps its name. */
function resolveImport(file: string, imported: string): string {
  return imported.startsWith('.') ? posix.join(posix.dirname(file), imported) : imported;
}

function isOurs(imported: string): boolean {
  return /^(src|fixtures|reports|auth-flows|tests)\//.test(imported);
}

function layerOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'src' ? `src/${second}` : first;
}

function listModules(layer: string): readonly string[] {
  try {
    return readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(layer, name.replaceAll('\\', '/')))
      .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.startsWith('reports/output/'));
  } catch {
    return []; // the layer does not exist yet
  }
}

const root = join(import.meta.dirname, '../..');
