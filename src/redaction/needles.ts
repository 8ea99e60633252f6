import type { SecretValue } from '../core/secret-value.js';
import { isAccountName } from './account-name.js';
import { createEscapedValue, type EscapedValue } from './escaped-value.js';
import type { NeedleSearch } from './needle-search.js';
import type { OpenEscaped } from './open-escaped.js';
import { tellingLines } from './telling-lines.js';
import type { Anchor } from './value-anchors.js';
import type { WrittenForm } from './written-form.js';
import { partForms, writtenForms, writtenFormsOfCode } from './written-forms.js';

export interface Known {
  secret: SecretValue;
  readonly value: string;
}

export interface Needle {
  readonly known: Known;
  readonly form: WrittenForm;
  /** Whether it counts only as a whole token. */
  readonly token: boolean;
}

/** Needles with the same first bytes: a written form, and stretches of values that may be escaped. */
export interface Needles {
  exact?: Needle;
  readonly anchored: Anchored[];
}

interface Anchored extends Needle {
  readonly escaped: EscapedValue;
  readonly anchor: Anchor;
}

/** Adds all written forms of a value. Returns the most bytes that the escaped value may take. */
export function addNeedles(known: Known, needles: NeedleSearch<Needles>, open: OpenEscaped): number {
  const { secret, value } = known;
  const token = secret.kind === 'code' || (/^\d+$/.test(value) && value.length < shortestLongNumber);
  const add = (form: WrittenForm) =>
    (needles.add(form.bytes, { anchored: [] }).exact ??= { known, form, token });
  for (const form of token ? writtenFormsOfCode(value) : writtenForms(value)) add(form);
  if (token) return 0;
  const lines = tellingLines(value);
  const cased = isAccountName(secret) ? [value.toLowerCase(), value.toUpperCase()] : [];
  const parts = [...lines.flatMap(partForms), ...cased.flatMap((one) => partForms(one).slice(0, 1))];
  parts.forEach(add);
  const escaped = lines.length > 0 ? parts : [...parts, ...partForms(value)];
  return Math.max(0, ...escaped.map((form) => addAnchors(known, form, { needles, open })));
}

function addAnchors(
  known: Known,
  form: WrittenForm,
  { needles, open }: { readonly needles: NeedleSearch<Needles>; readonly open: OpenEscaped },
): number {
  const escaped = createEscapedValue(form.bytes.toString());
  if (!escaped) return 0;
  open.add(escaped);
  for (const anchor of escaped.anchors)
    needles.add(anchor.bytes, { anchored: [] }).anchored.push({ known, form, token: false, escaped, anchor });
  return escaped.reach;
}

/** Shorter numbers occur in times and sizes. */
const shortestLongNumber = 14;
