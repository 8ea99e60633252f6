/** How the texts of a parsed JSON value are redacted. */
export interface JsonRedaction {
  readonly text: (text: string) => string;
  /** Numbers stay unless this says otherwise. */
  readonly number?: (number: number) => number | string;
  /** For what is below a key of this name, another redaction. */
  readonly below?: (key: string) => JsonRedaction | undefined;
}

/** Redacts texts and keys of a value that JSON can hold, at any depth. Gives the same object when nothing is found. */
export function redactJson(value: unknown, redaction: JsonRedaction): unknown {
  if (typeof value === 'string') return redaction.text(value);
  if (typeof value === 'number') return redaction.number?.(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    const redacted = items.map((item) => redactJson(item, redaction));
    return redacted.every((item, index) => Object.is(item, items[index])) ? value : redacted;
  }
  const before = Object.entries(value) as [string, unknown][];
  const after = before.map(([key, inner]): [string, unknown] => [
    redaction.text(key),
    redactJson(inner, redaction.below?.(key) ?? redaction),
  ]);
  const isSame = after.every(([key, inner], index) => {
    const [ownKey, own] = before[index] ?? [];
    return key === ownKey && Object.is(inner, own);
  });
  return isSame ? value : Object.fromEntries(after);
}

/** A whole JSON document, or `undefined` when the text is none. */
export function redactJsonText(text: string, redaction: JsonRedaction): string | undefined {
  const parsed = parseJson(text);
  if (parsed === undefined) return undefined;
  const redacted = redactJson(parsed, redaction);
  return redacted === parsed ? text : JSON.stringify(redacted, undefined, indentOf(text));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function indentOf(text: string): string {
  return /^\s*[{[]\r?\n([ \t]+)/.exec(text)?.[1] ?? '';
}
