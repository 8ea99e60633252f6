/** Negative, zero or positive. Compares the numbers of `1.65.1`, and ignores any suffix. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  for (let part = 0; part < 3; part += 1) {
    const difference = (first[part] ?? 0) - (second[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
