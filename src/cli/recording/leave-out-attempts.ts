import type { StepFacts } from './read-step.js';

/** A step of a sign-in, and facts about it. */
export interface AttemptStep extends StepFacts {
  /** Identifies the field by its page's URL and its locator. */
  readonly place: string | undefined;
  /** Whether it fills in a name, a password or a code. */
  readonly isCredential: boolean;
  /** Whether it fills in a correct value: a code from the vault. */
  readonly isRight: boolean;
}

export interface Attempts {
  /** Steps of the successful attempt. */
  readonly kept: readonly number[];
  /** Number of steps in rejected attempts, or for texts that were typed again. */
  readonly leftOut: number;
}

/**
 * Finds failed attempts: a sign-in field is filled in again on the same page with another text. Also leaves out the
 * clicks that submitted it, and fields filled in again with the same text.
 */
export function leaveOutAttempts(steps: readonly AttemptStep[]): Attempts {
  const again = refills(steps);
  const corrected = correctionsOf(steps);
  const continued = new Set(again.values());
  const dropped = new Set(again.keys());
  const dropSending = (from: number, to: number) =>
    steps.forEach(({ method = '' }, index) => {
      if (index >= from && index < to && sendingMethods.has(method)) dropped.add(index);
    });
  const isFill = ({ method }: AttemptStep, index: number) => method === 'fill' && !corrected.has(index);
  for (const [first, second] of again) {
    const next = steps.findIndex((step, index) => index > first && isFill(step, index));
    dropSending(first + 1, next);
    const before = steps.findLastIndex((step, index) => index < second && isFill(step, index));
    // Steps between two fields of the same new attempt lead from one to the other.
    if (!continued.has(before)) dropSending(before + 1, second);
  }
  const kept = steps.map((_, index) => index).filter((index) => !dropped.has(index) && !corrected.has(index));
  return { kept, leftOut: dropped.size };
}

/** Each field that was filled in again, and where. */
function refills(steps: readonly AttemptStep[]): ReadonlyMap<number, number> {
  const pairs = steps.flatMap(({ method, place, isCredential, isRight }, first): [number, number][] => {
    if (method !== 'fill' || place === undefined || !isCredential || isRight) return [];
    const second = steps.findIndex(
      (step, index) => index > first && step.method === 'fill' && step.place === place,
    );
    return second === -1 ? [] : [[first, second]];
  });
  const changed = pairs.filter(([first, second]) => steps[first]?.given !== steps[second]?.given);
  const isPartOf = ([first, second]: [number, number]) =>
    changed.some(([start, end]) => start < second && first < end);
  return new Map(pairs.filter(isPartOf));
}

/** Steps within a field before it is filled in: the filling includes them. */
function correctionsOf(steps: readonly AttemptStep[]): ReadonlySet<number> {
  const corrected = new Set<number>();
  steps.forEach(({ method, place }, index) => {
    if (method !== 'fill' || place === undefined) return;
    for (let before = index - 1; isWithin(steps[before], place); before -= 1) corrected.add(before);
  });
  return corrected;
}

function isWithin(step: AttemptStep | undefined, place: string): boolean {
  if (step?.place !== place) return false;
  if (step.method === 'press') return step.given !== 'Enter';
  return ['fill', 'click', 'dblclick'].includes(step.method ?? '');
}

const sendingMethods: ReadonlySet<string> = new Set(['click', 'dblclick', 'press']);
