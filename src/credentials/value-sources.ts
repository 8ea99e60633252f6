import type { DeclaredSession } from '../core/declared-session.js';
import type { Vault } from '../core/ports.js';

/** Where each value of a session came from, by parameter: its reference, or its key in the local credentials file. */
export function valueSources(
  { values }: Pick<DeclaredSession, 'values'>,
  { locate = ({ text }) => text }: Pick<Vault, 'locate'>,
): ReadonlyMap<string, string> {
  return new Map([...values].map(([parameter, reference]) => [parameter, locate(reference)]));
}
