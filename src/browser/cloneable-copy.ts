import { types } from 'node:util';

/**
 * A copy that can be sent to another process. Leaves out functions and symbols, and objects with nothing else, such as
 * a logger. Keeps bytes, dates, regular expressions, maps and sets.
 */
export function cloneableCopy(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    list.push(...value.map((one) => cloneableCopy(one, copies)).filter((one) => one !== undefined));
    return list;
  }
  return isPlain(value) ? copyEntries(value, copies) : cloneBuiltIn(value);
}

function copyEntries(value: object, copies: Map<object, unknown>): object | undefined {
  const copy: Record<string, unknown> = {};
  copies.set(value, copy);
  const entries = Object.entries(value);
  for (const [name, one] of entries) {
    const copied = cloneableCopy(one, copies);
    if (copied !== undefined) copy[name] = copied;
  }
  return entries.length > 0 && Object.keys(copy).length === 0 ? undefined : copy;
}

/** An instance of a project's own class would lose its methods, so it is left out. */
function cloneBuiltIn(value: object): unknown {
  if (Buffer.isBuffer(value)) return value;
  if (!isBuiltIn.some((is) => is(value))) return undefined;
  try {
    return structuredClone(value);
  } catch {
    return undefined; // a map of functions
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The config may come from another realm, which has a different Object.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const isBuiltIn = [
  types.isDate,
  types.isRegExp,
  types.isMap,
  types.isSet,
  types.isAnyArrayBuffer,
  ArrayBuffer.isView.bind(ArrayBuffer),
] as readonly ((value: unknown) => boolean)[];
