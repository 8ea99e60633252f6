import { parse, type ParseResult } from '@babel/parser';
import type { Node } from '@babel/types';

/** The module system of a file. */
export type ModuleSyntax = 'import' | 'require';

/** Facts from a config's source, without running it. */
export interface ConfigFacts {
  readonly syntax: ModuleSyntax | undefined;
  readonly baseURL: string | undefined;
  /** Whether it sets `baseURL`, to any value. */
  readonly setsBaseURL: boolean;
  readonly testDir: string | undefined;
  /** Whether runs start the application. Commands do not. */
  readonly webServer: boolean;
}

/** `baseURL` and `testDir` if they are literals, the first of each. */
export function readConfigFacts(text: string): ConfigFacts {
  const file = parseModule(text);
  if (!file) return unknownFacts;
  const { body } = file.program;
  return {
    syntax: body.some(({ type }) => /^(?:Import|Export)/.test(type)) ? 'import' : 'require',
    baseURL: findText(file.program, 'baseURL'),
    setsBaseURL: hasProperty(file.program, 'baseURL'),
    testDir: findText(file.program, 'testDir'),
    webServer: hasProperty(file.program, 'webServer'),
  };
}

/** `undefined` if it cannot be parsed. */
export function parseModule(text: string): ParseResult | undefined {
  try {
    return parse(text, { sourceType: 'unambiguous', plugins: ['typescript'] });
  } catch {
    return undefined;
  }
}

export function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/**
 * The first property of this name with a literal string, at any depth. For `A ?? 'text'` and `A || 'text'`, the string.
 */
function findText(node: unknown, name: string): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if (Array.isArray(node)) return firstOf(node, (one) => findText(one, name));
  const { type, key, value } = node as { type?: string; key?: Node; value?: Node };
  if (type === 'ObjectProperty' && key && value && isNamed(key, name)) return literalOf(value);
  return firstOf(Object.values(node), (one) => findText(one, name));
}

function hasProperty(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { type, key } = node as { type?: string; key?: Node };
  if (type === 'ObjectProperty' && key && isNamed(key, name)) return true;
  return Object.values(node).some((one) => hasProperty(one, name));
}

function literalOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  return node.type === 'LogicalExpression' ? literalOf(node.right) : undefined;
}

/** The first result, if any. */
export function firstOf<Found>(
  values: readonly unknown[],
  find: (value: unknown) => Found | undefined,
): Found | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

const unknownFacts: ConfigFacts = {
  syntax: undefined,
  baseURL: undefined,
  setsBaseURL: false,
  testDir: undefined,
  webServer: false,
};
