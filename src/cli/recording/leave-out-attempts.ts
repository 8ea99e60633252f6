import type { StepFacts } from './read-step.js';

/** A step of a sign-in, and what is known of it. */
export interface AttemptStep extends StepFacts {
  /** The field, as its page's address and its locator tell it from others. */
  readonly place: string | undefined;
  /** Whether it fills in a part of the sign-in: a name, a password, a code. */
  readonly isCredential: boolean;
  /** Whether it fills in what was right: a code that the vault has given. */
  readonly isRight: boolean;
}

export interface Attempts {
  /** Steps that are part of the way that led on. */
  readonly kept: readonly number[];
  /** How many steps belong to an attempt that was refused, or to a text that was typed anew. */
  readonly leftOut: number;
}

/**
 * Finds attempts that led nowhere: a field of the sign-in that is filled in anew on the same page, with another text.
 * With it go the clicks that sent it off, and what was filled in again as it was.
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
    // Between two fields of the same new attempt is the way from the one to the other.
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

/** Steps within one field before it is filled in: the filling has all of it. */
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
