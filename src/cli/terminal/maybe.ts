import type { AuthSessionsError } from '../../core/errors.js';
import { errorsOf } from './format-error.js';

/** A thing, or the errors that prevent it. */
export type Maybe<Thing> = { readonly is: Thing } | { readonly errors: readonly AuthSessionsError[] };

export async function maybe<Thing>(act: () => Thing | Promise<Thing>): Promise<Maybe<Thing>> {
  try {
    return { is: await act() };
  } catch (error) {
    return { errors: errorsOf(error) };
  }
}

export async function after<Before, Thing>(
  before: Maybe<Before>,
  act: (before: Before) => Thing | Promise<Thing>,
): Promise<Maybe<Thing> | undefined> {
  return isThere(before) ? maybe(() => act(before.is)) : undefined;
}

export function isThere<Thing>(maybe: Maybe<Thing> | undefined): maybe is { readonly is: Thing } {
  return maybe !== undefined && 'is' in maybe;
}
