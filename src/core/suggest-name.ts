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

/** `Did you mean "admin"?`, or the list of what there is. */
export function formatSuggestion(name: string, known: readonly string[]): string {
  const suggestion = suggestName(name, known);
  if (suggestion !== undefined) return `Did you mean "${suggestion}"?`;
  return known.length > 0 ? `There are: ${known.map((one) => `"${one}"`).join(', ')}.` : 'There is none.';
}
