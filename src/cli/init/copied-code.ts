import type { CallExpression, Node } from '@babel/types';
import { isNamed } from './config-facts.js';
import { keyOf } from './static-path.js';

/** Why a node of a setup test does not become part of a flow: it may hide a secret, or needs what a flow lacks. */
export function whyNotCopied(node: Node, names: ReadonlySet<string>): string | undefined {
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

/** Whether a call is one of Playwright's that a flow may have. */
export function isCopiedCall(call: CallExpression): boolean {
  return whyNotCalled(call) === undefined;
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
