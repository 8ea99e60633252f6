import type { Node } from '@babel/types';

/** A replaced part of a source text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A node and every node below it, without comments. */
export function nodesIn(root: unknown): readonly Node[] {
  if (Array.isArray(root)) return root.flatMap(nodesIn);
  if (typeof root !== 'object' || root === null) return [];
  const { type, start } = root as Partial<Node>;
  if (type === undefined || typeof start !== 'number') return [];
  const below = Object.entries(root).flatMap(([key, value]) => (besides.has(key) ? [] : nodesIn(value)));
  return [root as Node, ...below];
}

/** Edits within another edit are left out, and what two of them remove is removed once. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let done = '';
  let at = 0;
  for (const { start, end, text: more } of edits.toSorted(outerFirst)) {
    if (end <= at && end > start) continue;
    done += text.slice(at, Math.max(at, start)) + more;
    at = Math.max(at, end);
  }
  return done + text.slice(at);
}

function outerFirst(one: TextEdit, other: TextEdit): number {
  return one.start - other.start || other.end - one.end;
}

/** Removes an item of a list or an object, with its comma, its own lines and the comment above it. */
export function removeItem(text: string, node: Node): TextEdit {
  const from = node.leadingComments?.[0]?.start ?? startOf(node);
  const [before = ''] = /\s*$/.exec(text.slice(0, from)) ?? [];
  const [after = ''] = /^\s*,/.exec(text.slice(endOf(node))) ?? [];
  // The last item: the comma before it goes, unless the list is then empty.
  const comma = after === '' && text[from - before.length - 1] === ',' ? 1 : 0;
  return { start: from - before.length - comma, end: endOf(node) + after.length, text: '' };
}

export function lineOf(node: Node): number {
  return node.loc?.start.line ?? 1;
}

export function startOf({ start }: Pick<Node, 'start'>): number {
  return start ?? 0;
}

export function endOf({ end }: Pick<Node, 'end'>): number {
  return end ?? 0;
}

const besides = new Set(['loc', 'leadingComments', 'innerComments', 'trailingComments', 'extra', 'errors']);
