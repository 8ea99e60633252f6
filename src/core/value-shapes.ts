import * as v from 'valibot';

export const positiveShape = v.pipe(v.number(), v.gtValue(0, 'Expected: a number above 0'));
export const notNegativeShape = v.pipe(v.number(), v.minValue(0, 'Expected: 0 or more'));
export const wholeNumberShape = v.pipe(
  v.number(),
  v.integer('Expected: a whole number'),
  v.minValue(1, 'Expected: 1 or more'),
);
export const notEmptyShape = v.pipe(v.string(), v.minLength(1, 'Expected: a non-empty string'));
/** `2027-01-31`, of the calendar. */
export const dateShape = v.pipe(
  v.string(),
  v.check((text) => {
    const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : new Date(Number.NaN);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  }, 'Expected: a date, such as 2027-01-31'),
);
export const urlShape = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\/[^\s]+$/.test(text), 'Expected: an absolute http(s) URL'),
);

export function wholeNumberIn(least: number, most: number) {
  const wanted = `Expected: ${least} to ${most}` as const;
  return v.pipe(
    v.number(),
    v.integer('Expected: a whole number'),
    v.minValue(least, wanted),
    v.maxValue(most, wanted),
  );
}
