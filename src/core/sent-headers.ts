/** Headers that identify a session, and the only origins that get them. */
export interface SentHeaders {
  readonly origins: readonly string[];
  readonly items: readonly Header[];
}

/** The headers at this moment. */
export type ReadHeaders = () => SentHeaders | undefined;

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface RequestToChange {
  readonly url: string;
  /** What the request has without the session. */
  readonly headers: readonly Header[];
  /** Whether another response redirected to it. */
  readonly isRedirect: boolean;
}

/**
 * The headers of a request: with those of the session at its origins, and without them where a redirect leads away. What
 * the page or the test sets wins. `undefined` if nothing changes.
 */
export function changeHeaders(
  { url, headers, isRedirect }: RequestToChange,
  { origins, items }: SentHeaders,
): readonly Header[] | undefined {
  if (!isOrigin(url, origins)) {
    const kept = isRedirect ? headers.filter((one) => !items.some((item) => isSame(item, one))) : headers;
    return kept.length < headers.length ? kept : undefined;
  }
  const present = new Set(headers.map(({ name }) => name.toLowerCase()));
  const missing = items.filter(({ name }) => !present.has(name.toLowerCase()));
  return missing.length > 0 ? [...headers, ...missing] : undefined;
}

/** As names and values: a name without a value is left out. */
export function listHeaders(headers: Readonly<Record<string, string | undefined>>): Header[] {
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : { name, value }));
}

function isOrigin(url: string, origins: readonly string[]): boolean {
  return URL.canParse(url) && origins.includes(new URL(url).origin);
}

function isSame(one: Header, other: Header): boolean {
  return one.name.toLowerCase() === other.name.toLowerCase() && one.value === other.value;
}
