/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: two units at most. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60
    ? two(minutes, { big: 60, names: ['h', 'min'] })
    : two(Math.round(minutes / 60), { big: 24, names: ['d', 'h'] });
}

function two(small: number, { big, names }: { big: number; names: readonly [string, string] }): string {
  const rest = small % big;
  return `${Math.floor(small / big)} ${names[0]}${rest === 0 ? '' : ` ${rest} ${names[1]}`}`;
}
