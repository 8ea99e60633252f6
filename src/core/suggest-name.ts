import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant, or `undefined` if none is close. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = known.map((one) => one.toLowerCase());
  const nearest = closest(name.toLowerCase(), lower);
  return distance(name.toLowerCase(), nearest) <= Math.max(2, name.length / 3)
    ? known[lower.indexOf(nearest)]
    : undefined;
}

/** The known name that differs by a typing mistake. Names that merely look related do not count. */
export function suggestTypo(name: string, known: readonly string[]): string | undefined {
  const near = known.filter((one) => distance(name, one) <= (name.length < 8 ? 1 : 2));
  return near.length > 0 ? closest(name, near) : undefined;
}

/** `Did you mean "admin"?`, or the list of known names. */
export function formatSuggestion(name: string, known: readonly string[]): string {
  const suggestion = suggestName(name, known);
  if (suggestion !== undefined) return `Did you mean "${suggestion}"?`;
  return known.length > 0 ? `Known: ${known.map((one) => `"${one}"`).join(', ')}.` : 'None exist.';
}
