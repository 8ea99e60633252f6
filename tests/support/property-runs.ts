/**
 * How many cases a property is tried with. Every run tries a fifth of `full`; `PROPERTY_RUNS=full` tries all, as a
 * release does. With a fixed seed the fifth is always the same.
 */
export function propertyRuns(full: number): number {
  return process.env.PROPERTY_RUNS === 'full' ? full : Math.ceil(full / 5);
}
