import type { ImportDeclaration, Node, Statement } from '@babel/types';
import { isNamed, parseModule } from './config-facts.js';
import { moveState, type MovedStates, type StatesMoved } from './move-states.js';
import { constantsOf, keyOf, staticPath, type PathScope } from './static-path.js';
import { packageName } from './survey-suite.js';
import { endOf, lineOf, nodesIn, startOf, type TextEdit } from './syntax-edits.js';

export interface MovedTestFile extends MovedStates {
  /** The edits that import `test` from this package. */
  readonly imports: readonly TextEdit[];
}

/** Imports `test` from this package, and names the session in `test.use`. */
export function moveTestFile(
  { file, text }: { readonly file: string; readonly text: string },
  scope: PathScope,
  moved: StatesMoved,
): MovedTestFile {
  const program = parseModule(text)?.program;
  if (!program) return { imports: [], edits: [], left: [] };
  const own = { ...scope, constants: new Map([...scope.constants, ...constantsOf(program.body)]) };
  const nodes = nodesIn(program);
  const uses = nodes
    .flatMap((node) => usedOptions(node))
    .map((use) => moveState(use, { file, scope: own, moved }));
  const inUse = new Set(nodes.flatMap(usedOptions).flatMap(({ properties }): Node[] => properties));
  const elsewhere = nodes.filter(
    (node) =>
      node.type === 'ObjectProperty' &&
      !inUse.has(node) &&
      keyOf(node) === 'storageState' &&
      moved.has(staticPath(node.value, own) ?? ''),
  );
  return {
    imports: program.body.flatMap((one) => importEdits(one, text)),
    edits: uses.flatMap(({ edits }) => edits),
    left: [
      ...uses.flatMap(({ left }) => left),
      ...elsewhere.map((node) => ({ file, line: lineOf(node), why: opensPage })),
    ],
  };
}

/** The object of `test.use({ … })`. */
function usedOptions(node: Node) {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const [options] = node.arguments;
  return isNamed(node.callee.property, 'use') && options?.type === 'ObjectExpression' ? [options] : [];
}

function importEdits(statement: Statement, text: string): readonly TextEdit[] {
  if (statement.type === 'ImportDeclaration')
    return statement.source.value === playwright && statement.importKind !== 'type'
      ? split(statement, text)
      : [];
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id, init }) => {
    if (init?.type !== 'CallExpression' || !isNamed(init.callee, 'require')) return [];
    const [from] = init.arguments;
    const names = id.type === 'ObjectPattern' ? id.properties : [];
    const isOurs = names.every((one) => one.type === 'ObjectProperty' && ours.has(keyOf(one) ?? ''));
    const isTest = names.some((one) => one.type === 'ObjectProperty' && keyOf(one) === 'test');
    return from?.type === 'StringLiteral' && from.value === playwright && isOurs && isTest
      ? [{ start: startOf(from) + 1, end: endOf(from) - 1, text: packageName }]
      : [];
  });
}

/** Types and devices stay an import of Playwright's. */
function split({ specifiers, source, start, end }: ImportDeclaration, text: string): readonly TextEdit[] {
  const said = (node: Node) => text.slice(startOf(node), endOf(node));
  const isOurs = (node: (typeof specifiers)[number]) =>
    node.type === 'ImportSpecifier' &&
    node.importKind !== 'type' &&
    [...ours].some((name) => isNamed(node.imported, name));
  const moving = specifiers.filter(isOurs);
  const staying = specifiers.filter((one) => !isOurs(one));
  const isTest = moving.some((one) => one.type === 'ImportSpecifier' && isNamed(one.imported, 'test'));
  if (!isTest || staying.some(({ type }) => type !== 'ImportSpecifier')) return [];
  if (staying.length === 0)
    return [{ start: startOf(source) + 1, end: endOf(source) - 1, text: packageName }];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const quote = text[startOf(source)] ?? "'";
  const line = (names: readonly Node[], from: string) =>
    `import { ${names.map(said).join(', ')} } from ${quote}${from}${quote};`;
  const lines = [line(staying, playwright), line(moving, packageName)].join(eol);
  return [{ start: start ?? 0, end: end ?? 0, text: lines }];
}

const playwright = '@playwright/test';
const ours = new Set(['test', 'expect', 'mergeTests', 'mergeExpects']);
const opensPage = 'It opens a context with the state of a setup test: use authSessions.newPage instead.';
