/** How to redact the texts of a parsed JSON value. */
export interface JsonRedaction {
  readonly text: (text: string) => string;
  /** Redacts numbers. [numbers stay] */
  readonly number?: (number: number) => number | string;
  /** Returns another redaction for what is below a key of this name. */
  readonly below?: (key: string) => JsonRedaction | undefined;
}

/** Redacts texts and keys of a JSON value at any depth. Returns the same object if nothing is found. */
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

/** Redacts a whole JSON document; `undefined` if the text is not JSON. */
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
