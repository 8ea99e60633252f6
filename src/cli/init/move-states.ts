import type { Expression, Node, ObjectExpression } from '@babel/types';
import type { LeftInPlace } from './read-setup-file.js';
import { keyOf, staticPath, type PathScope } from './static-path.js';
import { endOf, lineOf, startOf, type TextEdit } from './syntax-edits.js';
import { withoutTypes } from './wire-config.js';

/** The sessions by the path of the state that they replace. */
export type StatesMoved = ReadonlyMap<string, string>;

/** The edits of a file, and what in it stays. */
export interface MovedStates {
  readonly edits: readonly TextEdit[];
  readonly left: readonly LeftInPlace[];
}

/** Replaces the `storageState` of a `use` by the session. An empty state, which signs out, is no session. */
export function moveState(
  use: ObjectExpression,
  { file, scope, moved }: { readonly file: string; readonly scope: PathScope; readonly moved: StatesMoved },
): MovedStates {
  const property = use.properties.find(
    (one) => one.type !== 'SpreadElement' && keyOf(one) === 'storageState',
  );
  if (!property) return { edits: [], left: [] };
  const value = property.type === 'ObjectProperty' ? property.value : property;
  const session = isEmptyState(value) ? null : moved.get(staticPath(value, scope) ?? '');
  if (session === undefined)
    return { edits: [], left: [{ file, line: lineOf(property), why: unknownState }] };
  const text = `authSession: ${session === null ? 'null' : `'${session}'`}`;
  return { edits: [{ start: startOf(property), end: endOf(property), text }], left: [] };
}

/** `{ cookies: [], origins: [] }` */
function isEmptyState(node: Node): boolean {
  const bare = withoutTypes(node as Expression);
  return (
    bare.type === 'ObjectExpression' &&
    bare.properties.every(
      (one) =>
        one.type === 'ObjectProperty' &&
        one.value.type === 'ArrayExpression' &&
        one.value.elements.length === 0,
    )
  );
}

const unknownState = 'It uses a storage state that no setup test in a known shape saves.';
