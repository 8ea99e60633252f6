import type { FieldKind } from './field-book.js';

/** What replaces typed text in a flow. */
export type TypedAs =
  | { readonly by: 'credential'; readonly parameter: string }
  | { readonly by: 'code' }
  | { readonly by: 'nothing' };

export interface KnownTexts {
  /** The values of the session's references, by parameter; `undefined` if it has none or is not declared. */
  readonly values: Readonly<Record<string, string>> | undefined;
  /** Whether this was the session's code at some time during the recording. */
  readonly isCode: (text: string) => boolean;
  readonly kindOf: (text: string) => FieldKind | undefined;
}

export interface TypedTexts {
  /** `inPasswordField`: even if no event reported exactly this text in it. */
  nameOf(text: string, inPasswordField?: boolean): TypedAs;
  /** Records that a code typed in parts is used. */
  useCode(): void;
  /** Parameters that the session lacks and a person must add. */
  missing(): readonly string[];
  /** All parameters that were used. */
  used(): readonly string[];
  usesCode(): boolean;
}

/** Names typed texts by their meaning. Text typed as a password is always replaced. */
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

  /** One name per text. Names that the session already has belong to other values. */
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
