import type { CallExpression, Expression, Node, ObjectExpression } from '@babel/types';
import { isNamed, parseModule, type ModuleSyntax } from './config-facts.js';
import { propertyOf } from './find-setup-projects.js';
import { keyOf } from './static-path.js';
import { applyEdits, endOf, nodesIn, startOf, type TextEdit } from './syntax-edits.js';
import { withoutTypes } from './wire-config.js';

/** A sessions file that sessions can be added to. */
export interface SessionsSource {
  /** The sessions that it declares. */
  readonly names: readonly string[];
  /** The vault of its first reference. */
  readonly vault: string | undefined;
  readonly syntax: ModuleSyntax;
  /** Whether it reads its values from an Environment, as init writes it. */
  readonly isInEnvironment: boolean;
  /** Its text with more imports and sessions: lines as init writes them. */
  readonly withMore: (more: MoreSessions) => string;
}

export interface MoreSessions {
  readonly imports: readonly string[];
  readonly sessions: readonly string[];
}

/** Reads a sessions file without running it. `undefined` if it computes its sessions. */
export function readSessionsSource(text: string): SessionsSource | undefined {
  const program = parseModule(text)?.program;
  const call = nodesIn(program).find((node) => isDefinition(node));
  const sessions = call && sessionsIn(call);
  const names = sessions?.properties.map((one) => (one.type === 'ObjectProperty' ? keyOf(one) : undefined));
  if (!program || !sessions || !names || !isAll(names)) return undefined;
  return {
    names,
    syntax: program.sourceType === 'module' ? 'import' : 'require',
    vault: /\bop:\/\/([^/'"`]+)\//.exec(text)?.[1],
    isInEnvironment: text.includes('`op-env://${environment}/'),
    withMore: ({ imports, sessions: more }) =>
      applyEdits(text, [importsEdit(program.body, text, imports), ...sessionEdits(sessions, text, more)]),
  };
}

function isDefinition(node: Node): node is CallExpression {
  return node.type === 'CallExpression' && isNamed(node.callee, 'defineAuthSessions');
}

function sessionsIn({ arguments: [options] }: CallExpression): ObjectExpression | undefined {
  if (options?.type !== 'ObjectExpression') return undefined;
  const value = propertyOf(options, 'sessions')?.value;
  const bare = value && withoutTypes(value as Expression);
  return bare?.type === 'ObjectExpression' ? bare : undefined;
}

function importsEdit(body: readonly Node[], text: string, lines: readonly string[]): TextEdit {
  const isImport = (node: Node) =>
    node.type === 'ImportDeclaration' ||
    (node.type === 'VariableDeclaration' && /=\s*require\(/.test(text.slice(startOf(node), endOf(node))));
  const last = body.findLast(isImport);
  const added = lines.join(eolOf(text));
  if (!last) return { start: 0, end: 0, text: `${added}${eolOf(text)}` };
  return { start: endOf(last), end: endOf(last), text: `${eolOf(text)}${added}` };
}

/** After the last session and its comment. */
function sessionEdits(
  sessions: ObjectExpression,
  text: string,
  lines: readonly string[],
): readonly TextEdit[] {
  const last = sessions.properties.at(-1);
  const from = last ? endOf(last) : startOf(sessions) + 1;
  const inside = text.slice(from, endOf(sessions) - 1);
  const at = from + inside.trimEnd().length;
  const eol = eolOf(text);
  const isOpen = inside.slice(inside.trimEnd().length).includes('\n');
  return [
    ...(last && sessions.extra?.trailingComma === undefined ? [{ start: from, end: from, text: ',' }] : []),
    { start: at, end: at, text: eol + lines.join(eol) + (isOpen ? '' : `${eol}  `) },
  ];
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function isAll(names: readonly (string | undefined)[]): names is readonly string[] {
  return names.every((name) => name !== undefined);
}
