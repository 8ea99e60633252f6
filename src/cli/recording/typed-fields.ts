import type { BrowserContext } from '@playwright/test';

/** What a field is for, as the page itself says. */
export type FieldKind = 'password' | 'code' | 'username';

/** What stands in the fields of sign-in forms, and what kind of field each text was typed into. */
export interface TypedFields {
  /** Of the field that holds exactly this text; a password's goes before the others. */
  kindOf(text: string): FieldKind | undefined;
  /** Everything that was left in fields of a kind, each once. */
  textsOf(kind: FieldKind): readonly string[];
}

interface TypedText {
  readonly field: string;
  readonly kind: FieldKind;
  readonly text: string;
}

/**
 * Hears what is typed into passwords, codes and names: the generated code does not tell a password's field from
 * another's. A field that was ever a password's stays one, though the page may show its text.
 */
export async function watchTypedFields(context: BrowserContext): Promise<TypedFields> {
  const typed = new Map<string, TypedText>();
  await context.exposeBinding(bindingName, (_, told: TypedText) => void typed.set(told.field, told));
  await context.addInitScript(listen, bindingName);
  const kinds: readonly FieldKind[] = ['password', 'code', 'username'];
  const textsOf = (kind: FieldKind) => [
    ...new Set([...typed.values()].filter((one) => one.kind === kind).map(({ text }) => text)),
  ];
  return { textsOf, kindOf: (text) => kinds.find((kind) => textsOf(kind).includes(text)) };
}

const bindingName = '__authSessionTyped';

/** Runs in the page, in each of its frames. */
function listen(name: string): void {
  const known = new WeakMap<Element, { field: string; kind: FieldKind }>();
  const isFor = (field: HTMLInputElement, words: RegExp) =>
    words.test(`${field.name} ${field.id} ${field.autocomplete} ${field.labels?.[0]?.textContent ?? ''}`);
  const kindOf = (field: HTMLInputElement): FieldKind | undefined => {
    if (field.type === 'password' || field.autocomplete.includes('password')) return 'password';
    if (field.autocomplete === 'one-time-code') return 'code';
    if (isFor(field, /otp|one.?time|2fa|mfa|verif|passcode|auth.*code/i)) return 'code';
    if (/username|email/.test(field.autocomplete) || field.type === 'email') return 'username';
    return isFor(field, /user|e-?mail|login|account/i) ? 'username' : undefined;
  };
  const hear = (event: Event) => {
    const [field] = event.composedPath();
    if (!(field instanceof HTMLInputElement)) return;
    const kind = field.type === 'password' ? 'password' : (known.get(field)?.kind ?? kindOf(field));
    if (kind === undefined) return;
    const id = known.get(field)?.field ?? `${location.href} ${String(Math.random())}`;
    known.set(field, { field: id, kind });
    const told = (window as unknown as Record<string, ((text: TypedText) => unknown) | undefined>)[name];
    void told?.({ field: id, kind, text: field.value });
  };
  for (const type of ['input', 'change']) addEventListener(type, hear, { capture: true });
}
