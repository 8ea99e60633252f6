/** The parts of a consultation's moment as people read them, in UTC. */
export function formatDay(startsAt: string): Readonly<Record<'weekday' | 'day' | 'month' | 'time', string>> {
  const date = new Date(`${startsAt}Z`);
  const part = (options: Intl.DateTimeFormatOptions) =>
    date.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
  return {
    weekday: part({ weekday: 'long' }),
    day: part({ day: 'numeric' }),
    month: part({ month: 'short' }),
    time: startsAt.slice(11),
  };
}
