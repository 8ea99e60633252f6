import type { Expression, Node, ObjectExpression, Statement } from '@babel/types';
import { isNamed, parseModule, readConfigFacts } from './config-facts.js';
import { findDeclared, findExported, isDefineConfig, withoutTypes } from './wire-config.js';

/**
 * Adds `baseURL` to the `use` of a config's source. Only inserts text. A config that sets one anywhere stays as it is,
 * and so does one whose `use` is computed.
 */
export function setBaseURL(text: string, baseURL: string): string {
  const file = parseModule(text);
  if (!file || readConfigFacts(text).setsBaseURL) return text;
  const exported = findExported(file.program.body);
  const config = typeof exported === 'string' ? undefined : findObject(exported, file.program.body);
  if (!config) return text;
  const line = `baseURL: '${baseURL.replaceAll("'", '%27')}'`;
  const use = findUse(config);
  if (use === 'computed') return text;
  return use ? insertFirst(text, use, line) : insertFirst(text, config, `use: { ${line} }`);
}

/** The object with a config's properties. */
export function findObject(node: Expression, body: readonly Statement[]): ObjectExpression | undefined {
  const bare = withoutTypes(node);
  if (bare.type === 'ObjectExpression') return bare;
  if (bare.type === 'Identifier') {
    const declared = findDeclared(bare.name, body);
    return declared && declared.type !== 'Identifier' ? findObject(declared, body) : undefined;
  }
  if (bare.type !== 'CallExpression') return undefined;
  const { callee, arguments: given } = bare;
  if (!isNamed(callee, 'withAuthSessions') && !isDefineConfig(bare)) return undefined;
  const last = given.at(-1);
  return last && last.type !== 'SpreadElement' && last.type !== 'ArgumentPlaceholder'
    ? findObject(last, body)
    : undefined;
}

function findUse({ properties }: ObjectExpression): ObjectExpression | 'computed' | undefined {
  const isUse = (key: Node) => isNamed(key, 'use') || (key.type === 'StringLiteral' && key.value === 'use');
  const found = properties.find((one) => one.type !== 'SpreadElement' && isUse(one.key));
  if (!found) return undefined;
  if (found.type !== 'ObjectProperty') return 'computed';
  const value = withoutTypes(found.value as Expression);
  return value.type === 'ObjectExpression' ? value : 'computed';
}

/** As the first property, on a line by itself if the others are. */
function insertFirst(text: string, { start, end }: ObjectExpression, line: string): string {
  const at = (start ?? 0) + 1;
  const inside = text.slice(at, (end ?? 0) - 1);
  const [indent] = /^[ \t]*\r?\n\s*(?=\S)/.exec(inside) ?? [];
  const isEmpty = inside.trim() === '';
  if (isEmpty) return `${text.slice(0, at)} ${line} ${text.slice(at + inside.length)}`;
  return `${text.slice(0, at)}${indent ?? ' '}${line},${text.slice(at)}`;
}
