import type { BlockStatement, Comment, Expression, Node, Statement } from '@babel/types';
import { isNamed } from './config-facts.js';
import { findUncopied } from './find-uncopied.js';
import { nameParameters } from './name-parameters.js';
import { keyOf, staticPath, type PathScope } from './static-path.js';
import { applyEdits, endOf, lineOf, nodesIn, startOf, type TextEdit } from './syntax-edits.js';
import { isSource, typedValues, type TypedValue } from './typed-value.js';

/** The body of a setup test as that of a flow, without its values. */
export interface SetupBody {
  /** The absolute path that it saved the state to. */
  readonly stateFile: string;
  /** Statements, each value as `credentials.NAME`. */
  readonly statements: string;
  readonly fixtures: readonly string[];
  readonly usesExpect: boolean;
  /** The address that the sign-in ends on, where the test says it in full. */
  readonly endsAt: string | undefined;
  readonly parameters: readonly string[];
  /** The variables that had the values, by parameter. */
  readonly variables: Readonly<Record<string, string>>;
  /** The line that first types the value, by parameter. */
  readonly lines: Readonly<Record<string, number>>;
  /** Values in the source, by parameter, to redact. */
  readonly literals: readonly { readonly parameter: string; readonly value: string }[];
}

interface Unread {
  readonly line: number;
  readonly why: string;
}

interface Read {
  readonly block: BlockStatement;
  readonly fixtures: readonly string[];
  readonly text: string;
  readonly comments: readonly Comment[];
}

/** The body as that of a flow, or why it cannot be one, with the line. */
export function readSetupBody(
  { block, fixtures, text, comments }: Read,
  scope: PathScope,
): SetupBody | Unread {
  const constants = new Map([...scope.constants, ...constantsIn(block.body)]);
  const saving = block.body.filter((one) => savedPath(one) !== undefined);
  const [save, ...others] = saving;
  if (!save || others.length > 0) return { line: lineOf(block), why: 'It does not save one storage state.' };
  const stateFile = staticPath(savedPath(save) ?? save, { ...scope, constants });
  if (stateFile === undefined) return { line: lineOf(save), why: 'It computes the path of its state.' };
  const dropped = [save, ...block.body.filter((one) => isSourceDeclaration(one))];
  const kept = nodesIn(block.body.filter((one) => !dropped.includes(one)));
  const values: TypedValue[] = [];
  for (const call of kept) {
    if (call.type !== 'CallExpression') continue;
    const typed = typedValues(call, text, constants);
    if (typed === 'computed') return { line: lineOf(call), why: 'It types a value that it computes.' };
    values.push(...typed);
  }
  const typed = new Set<Node>(values.flatMap(({ node }) => nodesIn(node)));
  const uncopied = findUncopied(kept, { fixtures, isTyped: (node) => typed.has(node) });
  if (uncopied) return { line: lineOf(uncopied.node), why: uncopied.why };
  const named = nameParameters(values);
  const edits: TextEdit[] = [
    ...dropped.map((one) => ({ start: startOf(one), end: endOf(one), text: '' })),
    ...comments.map(({ start = 0, end = 0 }) => ({ start, end, text: '' })),
    ...values.map((one) => ({
      start: startOf(one.node),
      end: endOf(one.node),
      text: `credentials.${named.nameOf(one)}`,
    })),
  ];
  const statements = indented(textWithin(block, text, edits));
  const again = named.literals.find(
    ({ parameter, value }) => parameter !== 'username' && isIn(statements, value),
  );
  if (again) return { line: lineOf(block), why: `The value of "${again.parameter}" is in it a second time.` };
  return {
    stateFile,
    statements,
    fixtures: fixtures.filter((name) => new RegExp(`\\b${name}\\b`).test(statements)),
    usesExpect: /\bexpect\b/.test(statements),
    endsAt: kept.flatMap((node) => expectedAddress(node) ?? []).at(-1),
    ...named,
  };
}

/** The text between the braces of a block, edited. */
function textWithin(block: BlockStatement, text: string, edits: readonly TextEdit[]): string {
  const inner = { from: startOf(block) + 1, to: endOf(block) - 1 };
  const within = edits
    .filter(({ start, end }) => start >= inner.from && end <= inner.to)
    .map((one) => ({ ...one, start: one.start - inner.from, end: one.end - inner.from }));
  return applyEdits(text.slice(inner.from, inner.to), within);
}

/** The address in `page.waitForURL('/orders')` or `expect(page).toHaveURL('/orders')`, without wildcards. */
function expectedAddress(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { property } = node.callee;
  const [address] = node.arguments;
  const isWait = isNamed(property, 'waitForURL') || isNamed(property, 'toHaveURL');
  if (!isWait || address?.type !== 'StringLiteral') return undefined;
  return /^(\/|https?:\/\/)[^*?{}[\]\s']*$/.test(address.value) ? address.value : undefined;
}

/** A secret of one or two letters is in any text. */
function isIn(statements: string, value: string): boolean {
  return value.length > 2 && statements.includes(value);
}

/** The path of `await page.context().storageState({ path })`. */
function savedPath(statement: Statement): Node | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AwaitExpression')
    return undefined;
  const call = statement.expression.argument;
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return undefined;
  const [options] = call.arguments;
  if (!isNamed(call.callee.property, 'storageState') || options?.type !== 'ObjectExpression')
    return undefined;
  const found = options.properties.find((one) => one.type === 'ObjectProperty' && keyOf(one) === 'path');
  return found?.type === 'ObjectProperty' ? found.value : undefined;
}

/** `const password = process.env.PASSWORD`: the flow gets it as a credential. */
function isSourceDeclaration(statement: Statement): boolean {
  return (
    statement.type === 'VariableDeclaration' &&
    statement.declarations.every(({ id, init }) => id.type === 'Identifier' && init && isSource(init))
  );
}

function constantsIn(body: readonly Statement[]): readonly (readonly [string, Expression])[] {
  return body
    .flatMap((one) => (one.type === 'VariableDeclaration' && one.kind === 'const' ? one.declarations : []))
    .flatMap(({ id, init }) => (id.type === 'Identifier' && init ? [[id.name, init] as const] : []));
}

function indented(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const depth = Math.min(...lines.map((line) => /^\s*/.exec(line)?.[0].length ?? 0));
  return lines.map((line) => `    ${line.slice(depth).trimEnd()}`).join('\n');
}
