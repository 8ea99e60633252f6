import type { ParseResult } from '@babel/parser';
import type { CallExpression, Expression, Node, Statement } from '@babel/types';
import { firstOf, isNamed, parseModule } from './config-facts.js';

/** What to do with a Playwright config's source. */
export type WiredConfig =
  | { readonly kind: 'edited'; readonly text: string }
  /** It already uses a sessions file; the path is `undefined` if the config computes it. */
  | { readonly kind: 'wired'; readonly sessionsFile: string | undefined }
  /** Its shape is not supported, so a person must edit it. */
  | { readonly kind: 'by hand'; readonly why: string };

/**
 * Wraps the config's export in `withAuthSessions`, and adds the import. Only inserts text: formatting, comments and
 * line ends stay.
 */
export function wireConfig(text: string, sessionsFile: string): WiredConfig {
  const file = parseModule(text);
  if (!file) return { kind: 'by hand', why: 'It cannot be parsed.' };
  const { body } = file.program;
  const ours = findOurCall(file.program);
  if (ours) {
    const [first] = ours.arguments;
    return { kind: 'wired', sessionsFile: first?.type === 'StringLiteral' ? first.value : undefined };
  }
  const exported = findExported(body);
  if (typeof exported === 'string') return { kind: 'by hand', why: exported };
  const wrapped = findWrapped(exported, body);
  if (typeof wrapped === 'string') return { kind: 'by hand', why: wrapped };
  const quote = /(?:from|require\()\s*(['"])/.exec(text)?.[1] ?? "'";
  const insertions = [
    importInsertion(file, text, quote),
    { at: startOf(wrapped), text: `withAuthSessions(${quote}${sessionsFile}${quote}, ` },
    { at: endOf(wrapped), text: ')' },
  ];
  return { kind: 'edited', text: insert(text, insertions) };
}

export function findOurCall(node: unknown): CallExpression | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const { type, callee } = node as { type?: string; callee?: Node };
  if (type === 'CallExpression' && callee && isNamed(callee, 'withAuthSessions'))
    return node as CallExpression;
  return firstOf(Object.values(node), findOurCall);
}

/** The module's export, or why it is not clear. */
export function findExported(body: readonly Statement[]): Expression | string {
  const found = body.flatMap((statement): (Expression | string)[] => {
    if (statement.type === 'ExportDefaultDeclaration')
      return /^(?:Function|Class|TS)\w*Declaration$/.test(statement.declaration.type)
        ? ['It exports a function or a class.']
        : [statement.declaration as Expression];
    if (statement.type === 'TSExportAssignment') return [statement.expression];
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
      return [];
    const { left, right } = statement.expression;
    return left.type === 'MemberExpression' &&
      isNamed(left.object, 'module') &&
      isNamed(left.property, 'exports')
      ? [right]
      : [];
  });
  const [only, ...others] = found;
  if (only === undefined) return 'It has no recognizable default export.';
  return others.length > 0 ? 'It exports more than once.' : only;
}

/** The expression to wrap in `withAuthSessions`. */
function findWrapped(exported: Expression, body: readonly Statement[]): Expression | string {
  const bare = withoutTypes(exported);
  if (bare.type === 'ObjectExpression') return exported;
  if (isDefineConfig(bare)) return wrappedArgument(bare) ?? exported;
  if (bare.type !== 'Identifier') return 'It exports the result of a call, or another kind of value.';
  const init = findDeclared(bare.name, body);
  if (init && (init.type === 'ObjectExpression' || isDefineConfig(init))) return exported;
  return `It does not define "${bare.name}".`;
}

/** What a variable of the module is set to. */
export function findDeclared(name: string, body: readonly Statement[]): Expression | undefined {
  const declared = body
    .flatMap((one) => (one.type === 'VariableDeclaration' ? one.declarations : []))
    .find(({ id }) => isNamed(id, name));
  return declared?.init ? withoutTypes(declared.init) : undefined;
}

/** A call with several arguments, which it merges, is wrapped as a whole. */
function wrappedArgument({ arguments: given }: CallExpression): Expression | undefined {
  const [only, ...others] = given;
  const isPlain = only && others.length === 0 && only.type !== 'SpreadElement';
  return isPlain && only.type !== 'ArgumentPlaceholder' ? only : undefined;
}

export function isDefineConfig(node: Expression): node is CallExpression {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  return (
    isNamed(callee, 'defineConfig') ||
    (callee.type === 'MemberExpression' && isNamed(callee.property, 'defineConfig'))
  );
}

export function withoutTypes(node: Expression): Expression {
  const isTyped =
    node.type === 'TSAsExpression' ||
    node.type === 'TSSatisfiesExpression' ||
    node.type === 'TSTypeAssertion' ||
    node.type === 'ParenthesizedExpression';
  return isTyped ? withoutTypes(node.expression) : node;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** After the last import. Without one, before the first statement and its comment. */
function importInsertion({ program }: ParseResult, text: string, quote: string): Insertion {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const { body, directives } = program;
  const isImport = body.some(({ type }) => /^(?:Import|Export)/.test(type));
  const imports = body.filter((one) => (isImport ? one.type === 'ImportDeclaration' : isRequire(one, text)));
  const last = imports.at(-1) ?? directives.at(-1);
  const end = !last || text[endOf(last) - 1] === ';' ? ';' : '';
  const from = `${quote}playwright-auth-sessions${quote}`;
  const line = isImport
    ? `import { withAuthSessions } from ${from}${end}`
    : `const { withAuthSessions } = require(${from})${end}`;
  if (last) return { at: endOf(last), text: `${eol}${line}` };
  const [first] = body;
  const comment = first?.leadingComments?.at(-1);
  const belongs = comment?.type === 'CommentBlock' && comment.value.startsWith('*');
  const at = belongs ? (comment.start ?? 0) : first ? startOf(first) : 0;
  return { at, text: `${line}${eol}${eol}` };
}

function isRequire(statement: Statement, text: string): boolean {
  if (statement.type !== 'VariableDeclaration') return false;
  return /=\s*require\(/.test(text.slice(startOf(statement), endOf(statement)));
}

function insert(text: string, insertions: readonly Insertion[]): string {
  const fromTheEnd = [...insertions].sort((one, other) => other.at - one.at);
  return fromTheEnd.reduce((so, { at, text: more }) => so.slice(0, at) + more + so.slice(at), text);
}

function startOf({ start }: Pick<Node, 'start'>): number {
  return start ?? 0;
}

function endOf({ end }: Pick<Node, 'end'>): number {
  return end ?? 0;
}
