import type { AuthSessionsError } from '../../core/errors.js';
import type { Facts } from './gather-facts.js';

/** One thing that was looked at, and how it stands. */
export interface Finding {
  /** Of the check: never renamed, and never about anything else. */
  readonly id: string;
  readonly result: 'ok' | 'warning' | 'trouble';
  /** What was seen, or what is wrong. */
  readonly seen: string;
  readonly known?: string | undefined;
  /** What to do; of everything but `ok`. */
  readonly next?: string | undefined;
  readonly code?: string | undefined;
}

/** Looks at one thing. Nothing at all is given where it cannot be looked at, as what it depends on is broken. */
export interface Check {
  readonly id: string;
  examine(facts: Facts): Promise<readonly Told[]> | readonly Told[];
}

/** A finding before it has its check's id. */
export type Told = Omit<Finding, 'id'>;

export function ok(seen: string): Told {
  return { result: 'ok', seen };
}

export function warning(seen: string, next: string, known?: string): Told {
  return { result: 'warning', seen, known, next };
}

export function trouble(seen: string, next: string, known?: string): Told {
  return { result: 'trouble', seen, known, next };
}

export function troubleOf({ code, explanation }: AuthSessionsError): Told {
  const { failed, known, next } = explanation;
  return { result: 'trouble', seen: failed, known, next, code };
}
