import { parse } from '@babel/parser';

/** A node of the syntax tree: https://github.com/babel/babel/blob/main/packages/babel-parser/ast/spec.md */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Replaces a range of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The statements of TypeScript code; `await` is allowed anywhere. */
export function parseStatements(code: string): readonly SyntaxNode[] {
  const { program } = parse(code, {
    sourceType: 'module',
    allowAwaitOutsideFunction: true,
    plugins: ['typescript'],
  });
  return program.body as unknown as SyntaxNode[];
}

/** The node and all nodes below it. */
export function* nodesOf(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node))
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(one)) yield* nodesOf(one);
}

/** The node in a property, if any. */
export function childOf(node: SyntaxNode | undefined, property: string): SyntaxNode | undefined {
  const child: unknown = node && Reflect.get(node, property);
  return isNode(child) ? child : undefined;
}

export function childrenOf(node: SyntaxNode, property: string): readonly SyntaxNode[] {
  const children: unknown = Reflect.get(node, property);
  return Array.isArray(children) ? children.filter(isNode) : [];
}

/** The text of a name or a literal. */
export function textOf(node: SyntaxNode | undefined): string | undefined {
  const text: unknown = node && Reflect.get(node, node.type === 'Identifier' ? 'name' : 'value');
  return typeof text === 'string' ? text : undefined;
}

export function applyEdits(code: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}
