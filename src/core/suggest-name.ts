import { closest, distance } from 'fastest-levenshtein';

/** The known name that somebody probably meant, or `undefined` when none is near. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = known.map((one) => one.toLowerCase());
  const nearest = closest(name.toLowerCase(), lower);
  return distance(name.toLowerCase(), nearest) <= Math.max(2, name.length / 3)
    ? known[lower.indexOf(nearest)]
    : undefined;
}

/** The known name that this one is a slip of the keyboard away from: two names of one family are more. */
export function suggestTypo(name: string, known: readonly string[]): string | undefined {
  const near = known.filter((one) => distance(name, one) <= (name.length < 8 ? 1 : 2));
  return near.length > 0 ? closest(name, near) : undefined;
}

/** `Did you mean "admin"?`, or the list of what there is. */
export function formatSuggestion(name: string, known: readonly string[]): string {
  const suggestion = suggestName(name, known);
  if (suggestion !== undefined) return `Did you mean "${suggestion}"?`;
  return known.length > 0 ? `There are: ${known.map((one) => `"${one}"`).join(', ')}.` : 'There are none.';
}
