/** A field's purpose, according to the page. */
export type FieldKind = 'password' | 'code' | 'username';

/** A field's content at some time, as reported by the page. */
export interface ToldText {
  readonly field: string;
  readonly kind: FieldKind | 'other';
  readonly text: string;
  /** Whether the field was left or submitted; otherwise the text may be incomplete. */
  readonly isSettled: boolean;
}

/** The texts that each kind of field has contained. */
export interface FieldBook {
  tell(told: ToldText): void;
  /** The kind of field that has contained exactly this text; passwords first. */
  kindOf(text: string): FieldKind | undefined;
  /** All final texts of a kind of field, without duplicates. */
  textsOf(kind: FieldKind): readonly string[];
}

interface Field {
  readonly kind: ToldText['kind'];
  readonly texts: ReadonlySet<string>;
  readonly settled: ReadonlySet<string>;
  readonly last: string;
}

/**
 * Keeps everything: a rejected password is overwritten in its field, but is still a password. A field that was once a
 * password field always counts as one.
 */
export function createFieldBook(): FieldBook {
  const fields = new Map<string, Field>();

  function textsOf(kind: FieldKind): string[] {
    const ofKind = [...fields.values()].filter((field) => field.kind === kind);
    return [...new Set(ofKind.flatMap(({ settled, last }) => [...settled, last]))].filter(isText);
  }

  /** Unfinished texts count last: "test" is only a part of the password "test1". */
  function hasHeld(kind: FieldKind, text: string): boolean {
    return [...fields.values()].some((field) => field.kind === kind && field.texts.has(text));
  }

  return {
    textsOf,
    tell({ field, kind, text, isSettled }) {
      const before = fields.get(field);
      fields.set(field, {
        kind: before && order.indexOf(before.kind) < order.indexOf(kind) ? before.kind : kind,
        texts: new Set([...(before?.texts ?? []), text]),
        settled: isSettled ? new Set([...(before?.settled ?? []), text]) : (before?.settled ?? new Set()),
        last: text,
      });
    },
    kindOf(text) {
      if (!isText(text)) return undefined;
      const left = kinds.find((kind) => textsOf(kind).includes(text));
      if (left !== undefined) return left;
      if (hasHeld('password', text)) return 'password';
      return text.length >= shortestCode && hasHeld('code', text) ? 'code' : undefined;
    },
  };
}

function isText(text: string): boolean {
  return text !== '';
}

const kinds: readonly FieldKind[] = ['password', 'code', 'username'];
const order: readonly ToldText['kind'][] = [...kinds, 'other'];
const shortestCode = 4;
