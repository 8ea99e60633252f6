import { shapeOf, type FieldPolicy } from './field-policy.js';
import type { Redactor } from './redactor.js';

export interface RedactFieldsOptions {
  readonly policy: FieldPolicy;
  readonly redactor: FieldRedactor;
  /**
   * Whether to change the object itself, because others already have it. Otherwise returns a copy, or the same object
   * if nothing is found.
   */
  readonly inPlace?: boolean;
  /** Called with the path of each field that the policies do not name. */
  readonly onUnknown?: (place: string) => void;
}

export type FieldRedactor = Pick<Redactor, 'redact' | 'redactField' | 'redactNumber' | 'redactBytes'>;

/** The only walk through Playwright's data: redacts every field by its policy, at any depth. */
export function redactFields<Value>(value: Value, options: RedactFieldsOptions): Value {
  return walk(value, options.policy, { ...options, seen: new Set() }) as Value;
}

interface Walk extends RedactFieldsOptions {
  readonly seen: Set<object>;
}

function walk(value: unknown, policy: FieldPolicy, options: Walk): unknown {
  if (policy === 'identifier') return value;
  if (typeof value === 'string') return redactText(value, policy, options.redactor);
  if (typeof value === 'number') return policy === 'field' ? options.redactor.redactNumber(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return options.redactor.redactBytes(value);
  if (options.inPlace) return changeInPlace(value, policy, options);
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const redacted = list.map((one) => walk(one, policy, options));
    return redacted.every((one, index) => Object.is(one, list[index])) ? value : redacted;
  }
  const before = Object.entries(value) as [string, unknown][];
  const after = before.map(([name, one]) => redactEntry(name, one, { policy, walk: options }));
  const isSame = after.every(([name, one], index) => {
    const [ownName, own] = before[index] ?? [];
    return name === ownName && Object.is(one, own);
  });
  return isSame ? value : Object.fromEntries(after);
}

function changeInPlace(target: object, policy: FieldPolicy, options: Walk): object {
  if (options.seen.has(target)) return target;
  options.seen.add(target);
  if (Array.isArray(target)) {
    (target as unknown[]).forEach((value, index) => {
      const redacted = walk(value, policy, options);
      if (!Object.is(redacted, value)) (target as unknown[])[index] = redacted;
    });
    return target as object;
  }
  for (const [name, value] of Object.entries(target) as [string, unknown][]) {
    const [redactedName, redacted] = redactEntry(name, value, { policy, walk: options });
    if (redactedName !== name) Reflect.deleteProperty(target, name);
    if (redactedName !== name || !Object.is(redacted, value)) Reflect.set(target, redactedName, redacted);
  }
  return target;
}

/** Field names in a shape are Playwright's. Any other name may be a value. */
function redactEntry(
  name: string,
  value: unknown,
  at: { policy: FieldPolicy; walk: Walk },
): [string, unknown] {
  const shape = shapeOf(at.policy);
  const own = shape && Object.hasOwn(shape, name) ? shape[name] : undefined;
  if (own !== undefined) return [name, walk(value, own, at.walk)];
  // In reporters' objects, fields with such names link to the runner's own.
  if (shape && at.walk.inPlace && name.startsWith('_')) return [name, value];
  if (shape && shape['*'] === undefined) at.walk.onUnknown?.(`${at.policy}.${name}`);
  const policy = shape ? (shape['*'] ?? 'field') : at.policy;
  return [at.walk.redactor.redact(name), walk(value, policy, at.walk)];
}

function redactText(text: string, policy: FieldPolicy, redactor: FieldRedactor): string {
  if (policy === 'base64') return redactBase64(text, redactor);
  // A text where an object was expected may be anything.
  return policy === 'text' || policy === 'html' ? redactor.redact(text) : redactor.redactField(text);
}

function redactBase64(text: string, redactor: FieldRedactor): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return redactor.redact(text);
  const redacted = redactor.redactBytes(bytes);
  return redacted === bytes ? text : redacted.toString('base64');
}
