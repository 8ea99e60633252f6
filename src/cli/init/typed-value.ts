import type { CallExpression, Expression, Node, ObjectExpression } from '@babel/types';
import { isNamed } from './config-facts.js';
import { keyOf } from './static-path.js';
import { withoutTypes } from './wire-config.js';

/** A value that a setup test types or sends. */
export interface TypedValue {
  readonly node: Node;
  /** What identifies it: the same source is the same parameter. */
  readonly source: string;
  readonly variable: string | undefined;
  /** A value in the source. It never leaves this process. */
  readonly literal: string | undefined;
  /** What says what it is for: the field's locator, or the key. */
  readonly field: string;
}

/** The values of a call that types or sends some, or `computed` if one of them is not a literal or a variable. */
export function typedValues(
  call: CallExpression,
  text: string,
  constants: ReadonlyMap<string, Expression>,
): readonly TypedValue[] | 'computed' {
  const values = fieldsOf(call, text).map(({ node, field }) => {
    const source = sourceOf(node, constants);
    return source && { node, field, ...source };
  });
  return values.every((one) => one !== undefined) ? values : 'computed';
}

/** What a call types or sends, and where. */
export function fieldsOf({ callee, arguments: given }: CallExpression, text: string): readonly Field[] {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  if (typing.has(callee.property.name)) return fieldsOfTyping(callee.object, given, text);
  return sending.has(callee.property.name) ? fieldsOfBody(given[1]) : [];
}

/** Whether an expression is a variable of the environment, or a literal. */
export function isSource(node: Node): boolean {
  return sourceOf(node, new Map()) !== undefined;
}

interface Field {
  readonly node: Node;
  /** The field's locator, or the key. */
  readonly field: string;
}

function fieldsOfTyping(locator: Node, given: readonly Node[], text: string): readonly Field[] {
  const [first, second] = given;
  const said = (node: Node) => text.slice(node.start ?? 0, node.end ?? 0);
  if (second && second.type !== 'ObjectExpression')
    return [{ node: second, field: first ? said(first) : '' }];
  return first ? [{ node: first, field: said(locator) }] : [];
}

function fieldsOfBody(options: Node | undefined): readonly Field[] {
  if (options?.type !== 'ObjectExpression') return [];
  return options.properties.flatMap((one) => {
    if (one.type !== 'ObjectProperty' || !bodies.has(keyOf(one) ?? '')) return [];
    return one.value.type === 'ObjectExpression' ? entriesOf(one.value) : [{ node: one.value, field: '' }];
  });
}

function entriesOf({ properties }: ObjectExpression): readonly Field[] {
  return properties.flatMap((one) => {
    if (one.type !== 'ObjectProperty') return [{ node: one, field: '' }];
    if (one.value.type === 'ObjectExpression') return entriesOf(one.value);
    const isPlain = /^(?:Numeric|Boolean|Null)Literal$/.test(one.value.type);
    return isPlain ? [] : [{ node: one.value, field: keyOf(one) ?? '' }];
  });
}

type Source = Pick<TypedValue, 'source' | 'variable' | 'literal'>;

function sourceOf(node: Node, constants: ReadonlyMap<string, Expression>, depth = 0): Source | undefined {
  if (depth > 10) return undefined;
  const bare = withoutTypes(node as Expression);
  if (bare.type === 'TSNonNullExpression') return sourceOf(bare.expression, constants, depth + 1);
  if (bare.type === 'StringLiteral') return literalSource(bare.value);
  if (bare.type === 'TemplateLiteral' && bare.expressions.length === 0)
    return literalSource(bare.quasis[0]?.value.cooked ?? '');
  if (bare.type === 'Identifier') {
    const value = constants.get(bare.name);
    return value && sourceOf(value, constants, depth + 1);
  }
  if (bare.type === 'LogicalExpression') {
    const [left, right] = [bare.left, bare.right].map((one) => sourceOf(one, constants, depth + 1));
    return left && right && { ...left, literal: left.literal ?? right.literal };
  }
  if (bare.type !== 'MemberExpression' || !isEnvironment(bare.object)) return undefined;
  const name = keyOf({ key: bare.property, computed: bare.computed });
  return name === undefined ? undefined : { source: `$${name}`, variable: name, literal: undefined };
}

function literalSource(value: string): Source {
  return { source: `=${value}`, variable: undefined, literal: value };
}

function isEnvironment(node: Node): boolean {
  return node.type === 'MemberExpression' && isNamed(node.object, 'process') && isNamed(node.property, 'env');
}

const typing = new Set(['fill', 'type', 'pressSequentially']);
const sending = new Set(['post', 'put', 'patch', 'fetch']);
const bodies = new Set(['form', 'data', 'multipart']);
