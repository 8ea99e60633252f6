import type { CallExpression, Node } from '@babel/types';
import { isNamed, parseModule } from './config-facts.js';
import { isCopiedCall } from './copied-code.js';
import { keyOf } from './static-path.js';
import { endOf, lineOf, nodesIn, startOf } from './syntax-edits.js';
import { fieldsOf } from './typed-value.js';

/** A text in a source that may be a secret. */
export interface SecretLiteral {
  readonly value: string;
  readonly line: number;
  /** Its place, with its quotes. */
  readonly start: number;
  readonly end: number;
}

/**
 * The texts of a source that are typed into a password field, sent or kept under the name of a secret, or given to a
 * helper that signs in. Runs nothing, and rather finds one too many: what it finds is not shown. In a setup file, every
 * typed text that is no user name is one.
 */
export function secretLiterals(text: string, { isSetup = false } = {}): readonly SecretLiteral[] {
  const nodes = nodesIn(parseModule(text)?.program);
  const variables = variablesIn(nodes);
  const typed = nodes.flatMap((node) => [...namedValue(node), ...typedValue(node, { text, isSetup })]);
  const given = nodes.flatMap((node) => (isHelper(node, isSetup) ? node.arguments.flatMap(nodesIn) : []));
  const isPlace = placesIn(nodes);
  const found = [
    ...typed.flatMap((node) => literalsOf(node, variables)),
    ...given.flatMap((node) => literalsOf(node, variables)).filter((node) => !isPlace(textOf(node) ?? '')),
    ...nodes.filter((node) => secretOfAddress(node) !== undefined),
  ];
  const each = new Map(found.map((node) => [startOf(node), node]));
  return [...each.values()].flatMap((node) => {
    const value = secretOfAddress(node) ?? textOf(node) ?? '';
    return value.trim() === '' ? [] : [{ value, line: lineOf(node), start: startOf(node), end: endOf(node) }];
  });
}

function typedValue(
  node: Node,
  { text, isSetup }: { readonly text: string; readonly isSetup: boolean },
): readonly Node[] {
  const fields = node.type === 'CallExpression' ? fieldsOf(node, text) : [];
  return fields
    .filter(({ field }) => secretWord.test(field) || (isSetup && !userName.test(field)))
    .map((one) => one.node);
}

/** Whether a text that a helper gets is a path, an address, or a word of one: the name of a role, as in `ada.json`. */
function placesIn(nodes: readonly Node[]): (text: string) => boolean {
  const places = nodes.flatMap((node) => textOf(node) ?? []).filter((text) => place.test(text));
  return (text) => place.test(text) || (/^[\w.@-]+$/.test(text) && places.some((one) => one.includes(text)));
}

type Variables = ReadonlyMap<string, readonly Node[]>;

/** What the variables of a name are set to, in any block. */
function variablesIn(nodes: readonly Node[]): Variables {
  const found = new Map<string, Node[]>();
  for (const node of nodes)
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      found.set(node.id.name, [...(found.get(node.id.name) ?? []), node.init]);
  return found;
}

/** The value that a property, a variable, a parameter or an assignment has, if its name is that of a secret. */
function namedValue(node: Node): readonly Node[] {
  const [name, value] = nameAndValue(node);
  return value && secretName.test(name ?? '') ? [value] : [];
}

function nameAndValue(node: Node): readonly [name?: string | undefined, value?: Node | null | undefined] {
  if (node.type === 'ObjectProperty' || node.type === 'ClassProperty') return [keyOf(node), node.value];
  if (node.type === 'ClassPrivateProperty') return [node.key.id.name, node.value];
  if (node.type === 'VariableDeclarator') return [nameOf(node.id), node.init];
  if (node.type === 'AssignmentExpression' || node.type === 'AssignmentPattern')
    return [nameOf(node.left), node.right];
  return node.type === 'LogicalExpression' ? [nameOf(node.left), node.right] : [];
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'TSNonNullExpression') return nameOf(node.expression);
  if (node.type !== 'MemberExpression') return undefined;
  return node.property.type === 'StringLiteral' ? node.property.value : nameOf(node.property);
}

/** A helper that may get a password. In a setup file, each that is not Playwright's. */
function isHelper(call: Node, isSetup: boolean): call is CallExpression {
  if (call.type !== 'CallExpression') return false;
  const { callee } = call;
  if (['test', 'setup', 'it', 'expect', 'require'].some((name) => isNamed(callee, name))) return false;
  const isMember = callee.type === 'MemberExpression';
  if (isMember && ['path', 'test', 'setup'].some((name) => isNamed(callee.object, name))) return false;
  return isSetup ? !isCopiedCall(call) : signingIn.test(nameOf(callee) ?? '');
}

/** The literals that an expression may be, through variables of the file. */
function literalsOf(node: Node, variables: Variables, depth = 0): readonly Node[] {
  if (depth > 10) return [];
  const inside = (...parts: readonly (Node | null)[]) =>
    parts.flatMap((part) => (part ? literalsOf(part, variables, depth + 1) : []));
  if (isReference(node)) return [];
  if (textOf(node) !== undefined) return [node];
  if (node.type === 'Identifier') return inside(...(variables.get(node.name) ?? []));
  if (node.type === 'LogicalExpression' || node.type === 'BinaryExpression')
    return inside(node.left, node.right);
  if (node.type === 'ConditionalExpression') return inside(node.consequent, node.alternate);
  if (node.type === 'ArrayExpression') return inside(...node.elements);
  if (node.type === 'ObjectExpression')
    return inside(...node.properties.map((one) => (one.type === 'ObjectProperty' ? one.value : null)));
  if (node.type === 'CallExpression') return isCopiedCall(node) ? [] : inside(...node.arguments);
  if (node.type === 'TemplateLiteral') return [...node.quasis, ...inside(...node.expressions)];
  return 'expression' in node && typeof node.expression === 'object' ? inside(node.expression) : [];
}

/** `op://…` and `op-env://${…}/…` name a secret, and show nothing of it. */
function isReference(node: Node): boolean {
  const first = node.type === 'TemplateLiteral' ? node.quasis[0]?.value.raw : textOf(node);
  return /^op(?:-env)?:\/\//.test(first ?? '');
}

function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  if (node.type === 'TemplateElement') return node.value.cooked ?? node.value.raw;
  return node.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

/** The password or token within an address. */
function secretOfAddress(node: Node): string | undefined {
  const text = node.type === 'StringLiteral' || node.type === 'TemplateElement' ? textOf(node) : undefined;
  const [, password, parameter] =
    /\/\/[^/\s:@]*:([^@/\s]+)@|[?&#][^=&\s]*(?:token|key|secret|pass|code)[^=&\s]*=([^&#\s]+)/i.exec(
      text ?? '',
    ) ?? [];
  return password ?? parameter;
}

const place = /^(?:\.{0,2}\/|https?:)|\.json$/;
const userName = /user|mail|login|account/i;
const secretWord = /pass|pwd|\bpw\b|secret|token|otp|\bpin\b|code/i;
/** A name whose last word is that of a secret, or of what may hold some: `passwordField` is a locator, and `onePassword` an option. */
const secretName =
  /(?:(?:(?<!^one)pass(?:word|wd|phrase|code)?|pwd|secret|token|otp|(?:api|secret|private)[_-]?key|seed|pin)s?_?\d*|authorization|cookie|^env|headers)$/i;
const signingIn = /log_?in|log_?on|sign_?in|authenticate/i;
