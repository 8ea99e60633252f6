import type { AuthSessionsError } from '../../core/errors.js';
import type { Facts } from './gather-facts.js';

/** One result of a check. */
export interface Finding {
  /** The check's ID. Never renamed or reused. */
  readonly id: string;
  readonly result: 'ok' | 'warning' | 'trouble';
  /** The state, or the problem. */
  readonly seen: string;
  readonly known?: string | undefined;
  /** What to do, unless it is `ok`. */
  readonly next?: string | undefined;
  readonly code?: string | undefined;
}

/** Examines one thing. Returns nothing if something it depends on is broken. */
export interface Check {
  readonly id: string;
  examine(facts: Facts): Promise<readonly Told[]> | readonly Told[];
}

/** A finding without its check's ID. */
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
