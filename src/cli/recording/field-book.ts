/** What a field is for, as the page itself says. */
export type FieldKind = 'password' | 'code' | 'username';

/** What a field held at some moment, as the page tells it. */
export interface ToldText {
  readonly field: string;
  readonly kind: FieldKind | 'other';
  readonly text: string;
  /** Left, sent or gone on from; else it may be half of a text that is being typed. */
  readonly isSettled: boolean;
}

/** What each kind of field has held. */
export interface FieldBook {
  tell(told: ToldText): void;
  /** Of the field that has ever held exactly this text; a password's goes before the others. */
  kindOf(text: string): FieldKind | undefined;
  /** Everything that was left in fields of a kind, each once. */
  textsOf(kind: FieldKind): readonly string[];
}

interface Field {
  readonly kind: ToldText['kind'];
  readonly texts: ReadonlySet<string>;
  readonly settled: ReadonlySet<string>;
  readonly last: string;
}

/**
 * Keeps everything: a password that was refused is overwritten in its field, and is a password all the same. A field
 * that is a password's once was always one.
 */
export function createFieldBook(): FieldBook {
  const fields = new Map<string, Field>();

  function textsOf(kind: FieldKind): string[] {
    const ofKind = [...fields.values()].filter((field) => field.kind === kind);
    return [...new Set(ofKind.flatMap(({ settled, last }) => [...settled, last]))].filter(isText);
  }

  /** What was on its way to becoming another text counts last: of a password "test1", "test" is a part. */
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
