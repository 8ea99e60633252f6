import type { CallExpression, Node } from '@babel/types';
import { isNamed } from './config-facts.js';
import { keyOf } from './static-path.js';

/** Code of a setup test that a flow must not get. */
export interface Uncopied {
  readonly node: Node;
  readonly why: string;
}

/**
 * The first of these nodes that is not copied: only calls whose arguments cannot hide a secret are. `isTyped` are the
 * nodes of typed values, which become credentials.
 */
export function findUncopied(
  kept: readonly Node[],
  { fixtures, isTyped }: { readonly fixtures: readonly string[]; readonly isTyped: (node: Node) => boolean },
): Uncopied | undefined {
  const names = new Set([...fixtures, ...localNames(kept), 'expect', 'undefined', 'URL']);
  const properties = propertyNames(kept);
  for (const node of kept) {
    const why = isTyped(node) || properties.has(node) ? undefined : whyNotCopied(node, names);
    if (why !== undefined) return { node, why };
  }
  return undefined;
}

/** The names that the copied statements declare, parameters included. */
function localNames(kept: readonly Node[]): readonly string[] {
  return kept.flatMap((one) => {
    if (one.type === 'VariableDeclarator') return one.id.type === 'Identifier' ? [one.id.name] : [];
    if (one.type !== 'ArrowFunctionExpression') return [];
    return one.params.flatMap((each) => (each.type === 'Identifier' ? [each.name] : []));
  });
}

/** The names of properties: they refer to nothing. */
function propertyNames(kept: readonly Node[]): ReadonlySet<Node> {
  return new Set(
    kept.flatMap((one): Node[] => {
      if (one.type === 'MemberExpression' || one.type === 'OptionalMemberExpression')
        return one.computed ? [] : [one.property];
      return one.type === 'ObjectProperty' && !one.computed ? [one.key] : [];
    }),
  );
}

function whyNotCopied(node: Node, names: ReadonlySet<string>): string | undefined {
  if (node.type === 'CallExpression') return whyNotCalled(node);
  if (node.type === 'NewExpression') return isNamed(node.callee, 'URL') ? undefined : 'It makes an object.';
  if (node.type === 'StringLiteral') return whyNoText(node.value);
  if (node.type === 'TemplateElement') return whyNoText(node.value.raw);
  if (!copied.has(node.type)) return `It has code that is not copied (${node.type}).`;
  if (node.type === 'MemberExpression' && node.computed) return 'It has a computed property.';
  if (node.type === 'ObjectProperty' && carrying.test(keyOf(node) ?? 'token'))
    return 'It has an option that may carry a secret.';
  return node.type === 'Identifier' && !names.has(node.name)
    ? `It uses "${node.name}", which is declared outside of it.`
    : undefined;
}

function whyNotCalled({ callee, arguments: given }: CallExpression): string | undefined {
  if (callee.type === 'Identifier')
    return callee.name === 'expect'
      ? undefined
      : `It calls "${callee.name}", which is declared outside of it.`;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier')
    return 'It has another kind of call.';
  const { name } = callee.property;
  if (!calls.test(name)) return `It calls "${name}", which is not copied.`;
  const key = given.findLast((one) => one.type === 'StringLiteral');
  const isKey = key?.type === 'StringLiteral' && /^(?:\w+\+)*[A-Z]\w+$/.test(key.value);
  return name === 'press' && !isKey ? 'It presses a single letter: use fill.' : undefined;
}

function whyNoText(text: string): string | undefined {
  const isSecret = /\/\/[^/\s]*@|[?&#][^=]*(?:token|key|secret|pass|code)[^=]*=/i.test(text);
  return isSecret ? 'It has an address that may have a secret in it.' : undefined;
}

const carrying = /header|token|auth|cookie|storage|param|secret|credential/i;

/** Methods of pages, locators, requests and expectations. */
const calls =
  /^(?:goto|reload|getBy\w+|locator|frameLocator|contentFrame|first|last|nth|filter|and|or|not|click|dblclick|tap|check|uncheck|setChecked|press|hover|focus|blur|clear|selectOption|waitFor\w*|isVisible|isHidden|context|url|includes|startsWith|endsWith|ok|status|to[A-Z]\w*|fill|type|pressSequentially|post|put|patch|fetch|get)$/;

const copied = new Set(
  ['ExpressionStatement', 'AwaitExpression', 'MemberExpression', 'Identifier', 'ObjectExpression']
    .concat(['ObjectProperty', 'RegExpLiteral', 'NumericLiteral', 'BooleanLiteral', 'NullLiteral'])
    .concat(['TemplateLiteral', 'VariableDeclaration', 'VariableDeclarator', 'ArrowFunctionExpression'])
    .concat(['UnaryExpression', 'BinaryExpression', 'LogicalExpression', 'ArrayExpression', 'IfStatement'])
    .concat(['BlockStatement', 'OptionalMemberExpression', 'TSNonNullExpression', 'NewExpression']),
);
