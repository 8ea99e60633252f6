import type { FieldKind } from './field-book.js';

/** What stands in a flow in the place of a text that was typed. */
export type TypedAs =
  | { readonly by: 'credential'; readonly parameter: string }
  | { readonly by: 'code' }
  | { readonly by: 'nothing' };

export interface KnownTexts {
  /** The values of the session's references, by parameter; `undefined` where it has none, or is not declared. */
  readonly values: Readonly<Record<string, string>> | undefined;
  /** Whether this was the session's code at some moment of the recording. */
  readonly isCode: (text: string) => boolean;
  readonly kindOf: (text: string) => FieldKind | undefined;
}

export interface TypedTexts {
  /** `inPasswordField`: though nobody has heard that exactly this text was in it. */
  nameOf(text: string, inPasswordField?: boolean): TypedAs;
  /** A code is used that was typed in parts. */
  useCode(): void;
  /** Parameters that the session does not have yet: for references that somebody has to fill in. */
  missing(): readonly string[];
  /** Every parameter that was named. */
  used(): readonly string[];
  usesCode(): boolean;
}

/** Names typed texts by what they are. What was typed as a password is never left as it is. */
export function createTypedTexts({ values, isCode, kindOf }: KnownTexts): TypedTexts {
  const used = new Set<string>();
  const missing = new Map<string, string>();
  let usesCode = false;

  function nameOf(text: string, inPasswordField = false): TypedAs {
    if (text === '') return { by: 'nothing' };
    const bare = text.replaceAll(/\s/g, '');
    const kind = inPasswordField ? 'password' : kindOf(text);
    const known = Object.entries(values ?? {}).find(([, value]) => value === text)?.[0];
    if (known !== undefined) return credential(known);
    if (bare !== '' && (isCode(bare) || kind === 'code')) {
      usesCode = true;
      return { by: 'code' };
    }
    if (kind === 'password') return credential(missingName(text, 'password'));
    if (kind === 'username' && values === undefined) return credential(missingName(text, 'username'));
    return { by: 'nothing' };
  }

  function credential(parameter: string): TypedAs {
    used.add(parameter);
    return { by: 'credential', parameter };
  }

  /** One for each text; a name that the session has is another value's. */
  function missingName(text: string, base: string): string {
    const before = missing.get(text);
    if (before !== undefined) return before;
    const taken = new Set([...Object.keys(values ?? {}), ...missing.values()]);
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}${number}`;
    missing.set(text, name);
    return name;
  }

  return {
    nameOf,
    missing: () => [...missing.values()],
    used: () => [...used],
    useCode: () => (usesCode = true),
    usesCode: () => usesCode,
  };
}
