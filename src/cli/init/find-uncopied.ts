import type { Node } from '@babel/types';
import { whyNotCopied } from './copied-code.js';

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
