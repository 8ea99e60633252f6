import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** A room, and the rooms whose modules it may import besides its own. Type-only imports are free. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/time': ['src/core'],
  'src/files': ['src/core'],
  'src/spans': ['src/time', 'src/core'],
  'src/redaction': ['src/core'],
  'src/declaration': ['src/files', 'src/core'],
  'src/vault/local': ['src/core'],
  'src/vault/one-password': ['src/vault/local', 'src/time', 'src/core'],
  'src/vault/defined': ['src/vault/one-password', 'src/vault/local', 'src/time', 'src/core'],
  'src/mail': ['src/redaction', 'src/files', 'src/time', 'src/core'],
  'src/browser': ['src/time', 'src/core'],
  'src/store': ['src/files', 'src/core'],
  'src/store/redis': ['src/store', 'src/files', 'src/time', 'src/core'],
  'src/artifacts': ['src/redaction', 'src/files', 'src/core'],
  'src/credentials': [
    'src/vault/local',
    'src/vault/one-password',
    'src/vault/defined',
    'src/files',
    'src/core',
  ],
  'src/flow': ['src/mail', 'src/browser', 'src/redaction', 'src/time', 'src/core'],
  'src/session': ['src/credentials', 'src/flow', 'src/store', 'src/core'],
  'src/wire': ['src/spans', 'src/redaction', 'src/files', 'src/time', 'src/core'],
  'src/broker': [
    'src/wire',
    'src/session',
    'src/credentials',
    'src/flow',
    'src/declaration',
    'src/browser',
    'src/store',
    'src/store/redis',
    'src/artifacts',
    'src/spans',
    'src/redaction',
    'src/files',
    'src/time',
    'src/core',
  ],
  'src/run': ['src/wire', 'src/credentials', 'src/spans', 'src/files', 'src/core'],
  reports: ['src/run', 'src/wire', 'src/artifacts', 'src/redaction', 'src/core'],
  fixtures: [
    'fixtures/redaction',
    'fixtures/playwright',
    'reports',
    'src/run',
    'src/wire',
    'src/credentials',
    'src/browser',
    'src/declaration',
    'src/vault/defined',
    'src/vault/local',
    'src/redaction',
    'src/time',
    'src/core',
  ],
  'fixtures/playwright': ['src/browser', 'src/time', 'src/core'],
  'fixtures/redaction': ['fixtures/playwright', 'src/wire', 'src/artifacts', 'src/redaction', 'src/core'],
  'src/cli/terminal': ['src/credentials', 'src/redaction', 'src/time', 'src/core'],
  'src/cli/files': ['src/files', 'src/vault/local', 'src/core'],
  'src/cli/suite': [
    'src/cli/terminal',
    'reports',
    'src/run',
    'src/wire',
    'src/credentials',
    'src/browser',
    'src/core',
  ],
  'src/script': [
    'src/cli/suite',
    'src/run',
    'src/wire',
    'src/credentials',
    'src/browser',
    'src/redaction',
    'src/time',
    'src/core',
  ],
  'src/cli/engine': [
    'src/cli/suite',
    'src/cli/files',
    'src/cli/terminal',
    'src/broker',
    'src/artifacts',
    'src/flow',
    'src/credentials',
    'src/declaration',
    'src/browser',
    'src/files',
    'src/core',
  ],
  'src/cli/init': [
    'src/cli/files',
    'src/cli/suite',
    'src/cli/terminal',
    'reports',
    'src/declaration',
    'src/vault/local',
    'src/files',
    'src/core',
  ],
  'src/cli/doctor': [
    'src/cli/init',
    'src/cli/engine',
    'src/cli/suite',
    'src/cli/files',
    'src/cli/terminal',
    'reports',
    'src/artifacts',
    'src/credentials',
    'src/declaration',
    'src/browser',
    'src/store',
    'src/store/redis',
    'src/redaction',
    'src/files',
    'src/core',
  ],
  'src/cli/recording': [
    'src/cli/engine',
    'src/cli/suite',
    'src/cli/files',
    'src/cli/terminal',
    'src/flow',
    'src/browser',
    'src/redaction',
    'src/time',
    'src/core',
  ],
  'src/cli/mcp': ['src/browser', 'src/credentials', 'src/flow', 'src/redaction', 'src/time', 'src/core'],
  'src/cli/commands': [
    'src/cli/init',
    'src/cli/doctor',
    'src/cli/recording',
    'src/cli/mcp',
    'src/cli/engine',
    'src/cli/suite',
    'src/cli/files',
    'src/cli/terminal',
    'src/artifacts',
    'src/browser',
    'src/session',
    'src/declaration',
    'src/vault/local',
    'src/core',
  ],
  'src/cli': ['src/cli/commands', 'src/cli/doctor', 'src/cli/terminal', 'src/credentials', 'src/core'],
};

/** Packages that only some rooms may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  '@1password/sdk': ['src/vault/one-password'],
  '@redis/client': ['src/store/redis'],
  '@opentelemetry/api': ['src/spans'],
  imapflow: ['src/mail'],
  'postal-mime': ['src/mail'],
  otplib: ['src/core', 'src/vault/local'],
  '@playwright/test': ['src/browser', 'src/flow', 'src/cli', 'fixtures', 'reports'],
  'playwright-core': ['src/browser', 'src/flow', 'src/cli', 'fixtures', 'reports'],
};

/** Rooms of words and decisions: without files, network, processes, time and chance. */
const pureRooms: readonly string[] = ['src/core', 'src/redaction'];

/** What they may use of Node. */
const nodeModulesOfPureRooms = ['node:assert', 'node:buffer', 'node:crypto', 'node:url', 'node:util'];

/** Ways to the clock, to chance and to the outside that need no import. */
const globalsOfOtherRooms = [
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
  const violations = listModules().flatMap((file) =>
    findViolations(file, readFileSync(join(root, file), 'utf8')),
  );
  expect(violations).toEqual([]);
});

test('the map in CONTRIBUTING has every room, below the rooms that import it', () => {
  const floors = floorsOfMap(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));
  expect([...floors.keys()].sort()).toEqual(Object.keys(rooms).sort());
  const upward = Object.entries(rooms).flatMap(([room, below]) =>
    below
      .filter((one) => Number(floors.get(one)) > Number(floors.get(room)))
      .map((one) => `${room} → ${one}`),
  );
  expect(upward).toEqual([]);
});

test('every stop of the paths in CONTRIBUTING is a module', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.includes('→') && line.startsWith('|'));
  const stops = rows.flatMap((row) => [...row.matchAll(/`([\w/-]+)`/g)].map(([, stop = '']) => stop));
  const known = new Set(listModules());
  expect(rows).toHaveLength(5);
  expect(stops.filter((stop) => !known.has(`${stop}.ts`) && !known.has(`src/${stop}.ts`))).toEqual([]);
});

test('every place in CONTRIBUTING where something is added is there', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const section = /### Where to add something\n([^]*?)\n## /.exec(text)?.[1] ?? '';
  const places = [...section.matchAll(/`([\w.-]+\/[\w./-]+)`/g)].map(([, place = '']) => place);
  const candidates = (place: string) => [place, `${place}.ts`, `src/${place}.ts`];
  expect(places.length).toBeGreaterThan(15);
  expect(places.filter((place) => !candidates(place).some((file) => existsSync(join(root, file))))).toEqual(
    [],
  );
});

test('no module imports itself through others, types included', () => {
  expect(findCircles(importGraph())).toEqual([]);
});

test('finds a circle', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(findCircles(graph)).toEqual([['a', 'b', 'c', 'a']]);
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

/** The rooms in the figure, each with its floor: `src/cli/{init mcp}` is two rooms, `fixtures/{. redaction}` as well. */
function floorsOfMap(text: string): Map<string, number> {
  const figure = /```\n( floor[\s\S]*?)```/.exec(text)?.[1] ?? '';
  const floors = new Map<string, number>();
  let floor = NaN;
  for (const line of figure.split('\n')) {
    floor = Number(/^ floor (\d)/.exec(line)?.[1] ?? floor);
    for (const [, room = '', parts] of line.matchAll(/\b(src\/[a-z]+|fixtures|reports)(?:\/\{([^}]*)\})?/g))
      for (const part of parts?.split(' ') ?? ['.']) floors.set(posix.join(room, part), floor);
    if (floor === 6) floors.set('src/cli', floor);
  }
  return floors;
}

/** Every module of ours, and the modules of ours that it imports. */
function importGraph(): Map<string, readonly string[]> {
  const modules = listModules();
  const known = new Set(modules);
  const importsOf = (file: string): readonly string[] => {
    const imported: string[] = [];
    const visit = (node: ts.Node): void => {
      const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
      const name = isStatement ? textOf(node.moduleSpecifier) : importedModule(node);
      if (name?.startsWith('.')) imported.push(resolveImport(file, name).replace(/\.js$/, '.ts'));
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
    return imported.filter((one) => known.has(one));
  };
  return new Map(modules.map((file) => [file, importsOf(file)]));
}

/** One way around for each circle that a walk meets. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
    if (way.includes(file) || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}

/** What a module does that its layer may not, in the order of the text. */
function findViolations(file: string, text: string): readonly string[] {
  const layer = layerOf(file);
  const violations: string[] = [];
  const visit = (node: ts.Node): void => {
    const imported = importedModule(node);
    if (imported !== undefined && !mayImport(layer, resolveImport(file, imported)))
      violations.push(`${file} imports ${resolveImport(file, imported)}`);
    const used = pureRooms.includes(layer) ? usedGlobal(node) : undefined;
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
  return globalsOfOtherRooms.find((name) => name === node.getText());
}

/** Not the name of a property, a parameter or another thing of the module's own. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return ts.isElementAccessExpression(parent) && parent.expression === node;
}

function mayImport(layer: string, imported: string): boolean {
  if (pureRooms.includes(layer) && imported.startsWith('node:'))
    return nodeModulesOfPureRooms.includes(imported);
  const restricted = Object.keys(packages).find((name) => `${imported}/`.startsWith(`${name}/`));
  if (restricted !== undefined)
    return packages[restricted]?.some((allowed) => `${layer}/`.startsWith(`${allowed}/`)) ?? false;
  if (!isOurs(imported)) return true;
  const other = layerOf(imported);
  return other === layer || (rooms[layer] ?? []).includes(other);
}

/** `../vault/local.js` in src/core/totp.ts is `src/vault/local.js`; a package keeps its name. */
function resolveImport(file: string, imported: string): string {
  return imported.startsWith('.') ? posix.join(posix.dirname(file), imported) : imported;
}

function isOurs(imported: string): boolean {
  return /^(src|fixtures|reports|auth-flows|tests)\//.test(imported);
}

/** The deepest room of a file. */
function layerOf(file: string): string {
  const above = Object.keys(rooms).filter((room) => file.startsWith(`${room}/`));
  return above.sort((one, other) => other.length - one.length)[0] ?? posix.dirname(file);
}

function listModules(): readonly string[] {
  return ['src', 'fixtures', 'reports']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        posix.join(folder, name.replaceAll('\\', '/')),
      ),
    )
    .filter((file) => /\.(ts|cts|mjs|js)$/.test(file) && !file.startsWith('reports/output/'));
}

const root = join(import.meta.dirname, '../..');
