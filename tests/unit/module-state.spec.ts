import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

/** The modules that hold what a process remembers, and for how long. */
const memories: Readonly<Record<string, string>> = {
  'src/wire/process-memory.ts': 'runner and worker: the known secrets',
  'src/run/current-run.ts': 'runner: the run',
  'fixtures/worker-memory.ts': 'worker: the sessions it was given',
  'src/broker/main.ts': 'broker: the program itself',
  'src/cli/main.ts': 'command line: the program itself',
};

/** State that has to stay where it is. */
const exceptions: Readonly<Record<string, string>> = {
  'src/credentials/confined-secrets.ts kept': 'the vault credential is out of reach of every other module',
  'src/credentials/confined-secrets.ts keptOfConnections':
    'the vault credentials are out of reach of every other module',
  'src/files/process-identity.ts host': 'computed once: it never changes',
  'src/files/process-identity.ts isOwnProc': 'computed once: it never changes',
  'src/browser/playwright-settings.ts attributes': "marks Playwright's objects, and goes with them",
  'src/browser/playwright-settings.ts taught': "marks Playwright's objects, and goes with them",
  'src/browser/playwright-settings.ts following': 'belongs to one asynchronous call',
  'src/browser/playwright-settings.ts listening': "marks Playwright's objects, and goes with them",
  'src/browser/access-options.ts carried': "marks Playwright's objects, and goes with them",
  'src/browser/intercept-pages.ts contexts': "the contexts that Playwright's own requests are checked for",
  'src/browser/intercept-pages.ts intercepted': "marks Playwright's objects, and goes with them",
  'src/browser/intercept-pages.ts owners': "marks Playwright's objects, and goes with them",
  'src/browser/intercept-pages.ts waiting': "marks Playwright's objects, and goes with them",
  'src/browser/send-headers.ts sent': "marks Playwright's objects, and goes with them",
  'src/flow/playwright-calls.ts working': 'belongs to one asynchronous call',
  'src/flow/intercept-sends.ts working': 'belongs to one asynchronous call',
  'src/flow/intercept-sends.ts intercepted': "marks Playwright's objects, and goes with them",
  'src/flow/intercept-sends.ts owners': "marks Playwright's objects, and goes with them",
  'src/flow/find-bound.ts redactors': 'belongs to the secret of one sign-in, and goes with it',
  'src/artifacts/pdf-document.ts objectEnd': 'a pattern, whose place is set before each search',
  'src/artifacts/pdf-document.ts objectStart': 'a pattern, whose place is set before each search',
  'src/artifacts/pdf-document.ts streamStart': 'a pattern, whose place is set before each search',
  'src/artifacts/pdf-text.ts string': 'a pattern, whose place is set before each search',
  'src/artifacts/pdf-text.ts token': 'a pattern, whose place is set before each search',
  'src/vault/one-password/sdk-panics.ts globalThis.queueMicrotask': 'shows where the SDK breaks down',
  'src/vault/one-password/sdk-requests.ts globalThis.fetch': 'counts the requests of the SDK',
  'src/vault/one-password/sdk-panics.ts listeners': 'counts who shares a replaced global',
  'src/vault/one-password/sdk-panics.ts unwatchedQueue': 'restores a replaced global',
  'src/vault/one-password/sdk-requests.ts calls': 'belongs to one asynchronous call',
  'src/vault/one-password/sdk-requests.ts gates': 'counts who shares a replaced global',
  'src/vault/one-password/sdk-requests.ts unwatchedFetch': 'restores a replaced global',
  'src/cli/files/with-temporary-folder.ts current': 'counts who shares replaced variables of the environment',
  'src/cli/terminal/claim-output.ts hearers': 'counts who shares the replaced standard streams',
  'src/cli/terminal/claim-output.ts diverted': 'restores the replaced standard streams',
  'src/session/check-only-ports.ts checkOnlyPorts': 'stands for what a check never uses, and stays empty',
};

test('only the memory of a process holds state of a module', () => {
  const found = listModules().flatMap((file) =>
    findState(file, readFileSync(join(root, file), 'utf8')).map((name) => `${file} ${name}`),
  );
  const elsewhere = found.filter((one) => !Object.hasOwn(memories, one.split(' ', 1)[0] ?? ''));
  expect(elsewhere.sort()).toEqual(Object.keys(exceptions).sort());
});

test('finds each kind of state', () => {
  const text = [
    'let count = 0;',
    'export const seen = new Set<string>();',
    'const marks: WeakMap<object, string> = new WeakMap();',
    'const all: string[] = [];',
    'const shared = createRedactor();',
    'const memory = { known: new Map(), listeners: [] };',
    'const calls = new AsyncLocalStorage();',
    'const list = [1]; export function add() { list.push(2); }',
    'const last = { name: "" }; export function keep(name: string) { last.name = name; }',
    'globalThis.shared = 1;',
  ].join('\n');
  expect(findState('a.ts', text)).toEqual(
    ['count', 'seen', 'marks', 'all', 'shared', 'memory', 'calls', 'list', 'last'].concat(
      'globalThis.shared',
    ),
  );
});

test('passes constants, and state of a function', () => {
  const text = [
    "const names = ['a', 'b'] as const;",
    "const words = new Set(['a']);",
    'const pattern = /a/;',
    'const limits: Readonly<Record<string, number>> = { a: 1 };',
    'const none: Plan = { options: {}, list: [] }; const nothing: readonly string[] = [];',
    'export function count() { let all = 0; const seen = new Set(); all += 1; seen.add(all); return seen; }',
  ].join('\n');
  expect(findState('a.ts', text)).toEqual([]);
});

/** The names of what a module declares outside of functions, and can change. */
function findState(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const changed = changedNames(source);
  const found: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isConstant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const { name, type, initializer } of statement.declarationList.declarations)
      if (
        !isConstant ||
        isMutableList(type) ||
        (initializer && makesState(initializer)) ||
        changed.has(name.getText())
      )
        found.push(name.getText());
  }
  return [...found, ...[...changed].filter((name) => name.startsWith('globalThis.'))];
}

/** A container that begins empty is filled later; a set with its members is a constant. */
function makesState(node: ts.Expression): boolean {
  if (ts.isNewExpression(node)) {
    if (alwaysState.includes(node.expression.getText())) return true;
    return containers.includes(node.expression.getText()) && !node.arguments?.length;
  }
  if (ts.isCallExpression(node)) return /^create[A-Z]/.test(node.expression.getText());
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.some((one) => ts.isPropertyAssignment(one) && makesState(one.initializer));
}

function isMutableList(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && ts.isArrayTypeNode(type);
}

/** Names whose object is changed somewhere in the module: by a method, a property or an index. */
function changedNames(source: ts.SourceFile): ReadonlySet<string> {
  const declared = new Set(
    source.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations.map(({ name }) => name.getText())),
  );
  const changed = new Set<string>();
  const note = (node: ts.Expression) => {
    const access = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    const owner = access ? node.expression.getText() : '';
    if (declared.has(owner)) changed.add(owner);
    if (owner === 'globalThis') changed.add(node.getText());
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) note(node.left);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
      if (changes.includes(node.expression.name.text)) note(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changed;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
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

const alwaysState = ['WeakMap', 'WeakSet', 'AsyncLocalStorage', 'AbortController', 'Int32Array'];
const containers = ['Map', 'Set', 'Array'];
const changes = ['add', 'set', 'push', 'unshift', 'splice', 'pop', 'shift', 'delete', 'clear', 'sort'];

const root = join(import.meta.dirname, '../..');
