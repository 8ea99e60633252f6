import { lineOf } from './syntax-edits.js';
import type { TypedValue } from './typed-value.js';

/** The parameters of a flow that types these values. */
export interface NamedParameters {
  readonly parameters: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly literals: readonly { readonly parameter: string; readonly value: string }[];
  /** The line that first types the value, by parameter. */
  readonly lines: Readonly<Record<string, number>>;
  readonly nameOf: (value: TypedValue) => string;
}

/** Named by their field, or else by their variable. Values of one source have one name. */
export function nameParameters(values: readonly TypedValue[]): NamedParameters {
  const names = new Map<string, string>();
  for (const value of values) {
    if (names.has(value.source)) continue;
    const wanted = usualName(value.field) ?? usualName(value.variable ?? '') ?? ownName(value);
    const taken = new Set(names.values());
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
    names.set(value.source, name);
  }
  const nameOf = ({ source }: TypedValue) => names.get(source) ?? 'value';
  return {
    nameOf,
    parameters: [...names.values()].toSorted(usualFirst),
    variables: Object.fromEntries(
      values.flatMap((one) => (one.variable === undefined ? [] : [[nameOf(one), one.variable]])),
    ),
    lines: Object.fromEntries(values.toReversed().map((one) => [nameOf(one), lineOf(one.node)])),
    literals: values.flatMap((one) =>
      one.literal === undefined || one.literal === '' ? [] : [{ parameter: nameOf(one), value: one.literal }],
    ),
  };
}

function usualName(text: string): string | undefined {
  if (/pass|pwd/i.test(text)) return 'password';
  return /user|mail|login|account/i.test(text) ? 'username' : undefined;
}

/** The words of the variable, or of the field's label, as one name: `companyId`. */
function ownName({ variable, field }: TypedValue): string {
  const quoted = /(['"`])(.*?)\1/.exec(field)?.[2];
  const words = (variable ?? quoted ?? field).toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const [first = '', ...others] = words.slice(0, 4);
  const name = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (!/^[a-z]/.test(name)) return 'value';
  return /^(?:otp|totp)$/.test(name) ? 'code' : name;
}

function usualFirst(one: string, other: string): number {
  return rank(one) - rank(other);
}

function rank(name: string): number {
  const place = ['username', 'password'].indexOf(name);
  return place === -1 ? 2 : place;
}
