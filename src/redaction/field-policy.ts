import { shapeTable } from './shape-table.js';

/**
 * The meaning of each field in Playwright 1.65.1's data: worker messages, reporter objects and trace lines. One table
 * for all three, so that they agree. A field without an entry is redacted as a `field`;
 * tests/contract/field-policy.spec.ts fails if a run has one.
 */
export type FieldPolicy = LeafPolicy | ShapeName;

/**
 * `text`: redacts long values anywhere. `field`: also short values and numbers; everything below it is the user's,
 * under any key. `base64`: bytes. `identifier`: Playwright uses it for look-ups, so it stays; the leak check still
 * reads it.
 */
export type LeafPolicy = 'text' | 'field' | 'base64' | 'identifier';

export type ShapeName = keyof typeof shapeTable;

/** Policies by field name. `*` is any other name, which is then the user's. */
export type Shape = Readonly<Record<string, FieldPolicy>>;

/** The shape of that name; `undefined` if the policy is for single values. */
export function shapeOf(policy: string): Shape | undefined {
  return Object.hasOwn(shapeTable, policy) ? (shapeTable as Record<string, Shape>)[policy] : undefined;
}

/** The fields of a worker's event. An unknown event has only texts. */
export function messagePolicy(event: string | undefined): FieldPolicy | undefined {
  return named(`message:${event}`);
}

/** The fields of a trace's line of this type. */
export function traceLinePolicy(type: unknown): FieldPolicy | undefined {
  return typeof type === 'string' ? named(`trace:${type}`) : undefined;
}

function named(name: string): FieldPolicy | undefined {
  return shapeOf(name) && (name as ShapeName);
}
