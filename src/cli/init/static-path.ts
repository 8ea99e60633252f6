import path from 'node:path';
import type { Expression, Node, ObjectProperty, Statement } from '@babel/types';
import { isNamed } from './config-facts.js';
import { withoutTypes } from './wire-config.js';

/** What a file's paths are made of. */
export interface PathScope {
  /** The file's folder: its `__dirname`. */
  readonly folder: string;
  /** What Playwright resolves relative paths against: the config's folder. */
  readonly root: string;
  readonly constants: ReadonlyMap<string, Expression>;
}

/** The absolute path that an expression gives, if its source says so: a literal, a constant, `path.join(…)`. */
export function staticPath(node: Node, scope: PathScope): string | undefined {
  const text = staticText(node, scope);
  return text === undefined ? undefined : path.resolve(scope.root, text);
}

/** The top-level variables with a value. */
export function constantsOf(body: readonly Statement[]): ReadonlyMap<string, Expression> {
  const declarations = body.flatMap((one) => {
    const inner = one.type === 'ExportNamedDeclaration' ? one.declaration : one;
    return inner?.type === 'VariableDeclaration' && inner.kind === 'const' ? inner.declarations : [];
  });
  return new Map(
    declarations.flatMap(({ id, init }) => (id.type === 'Identifier' && init ? [[id.name, init]] : [])),
  );
}

/** The name of a property, if it is not computed. */
export function keyOf({ key, computed }: Pick<ObjectProperty, 'key' | 'computed'>): string | undefined {
  if (key.type === 'StringLiteral') return key.value;
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}

function staticText(node: Node, scope: PathScope, depth = 0): string | undefined {
  if (depth > 10) return undefined;
  const read = (one: Node) => staticText(one, scope, depth + 1);
  const bare = withoutTypes(node as Expression);
  if (bare.type === 'StringLiteral') return bare.value;
  if (isNamed(bare, '__dirname')) return scope.folder;
  if (bare.type === 'Identifier') {
    const value = scope.constants.get(bare.name);
    return value && read(value);
  }
  if (bare.type === 'MemberExpression')
    return bare.object.type === 'MetaProperty' && isNamed(bare.property, 'dirname')
      ? scope.folder
      : undefined;
  if (bare.type === 'TemplateLiteral') return joinTemplate(bare.quasis, bare.expressions.map(read));
  if (bare.type !== 'CallExpression' || bare.callee.type !== 'MemberExpression') return undefined;
  const { object, property } = bare.callee;
  const parts = bare.arguments.map(read);
  if (!isNamed(object, 'path') || !isAll(parts)) return undefined;
  if (isNamed(property, 'join')) return path.join(...parts);
  return isNamed(property, 'resolve') ? path.resolve(scope.root, ...parts) : undefined;
}

function joinTemplate(
  quasis: readonly { readonly value: { readonly cooked?: string | null } }[],
  parts: readonly (string | undefined)[],
): string | undefined {
  if (!isAll(parts)) return undefined;
  return quasis.map(({ value }, index) => (value.cooked ?? '') + (parts[index] ?? '')).join('');
}

function isAll(parts: readonly (string | undefined)[]): parts is readonly string[] {
  return parts.every((part) => part !== undefined);
}
