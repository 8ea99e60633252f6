import type { DeclaredSession } from '../core/declared-session.js';
import { mailboxPrefix } from '../core/mailbox.js';
import type { Vault } from '../core/ports.js';

/**
 * Where each value came from that a flow gets, by parameter: its reference, or its key in the local credentials file.
 */
export function valueSources(
  { values }: Pick<DeclaredSession, 'values'>,
  { locate = ({ text }) => text }: Pick<Vault, 'locate'>,
): ReadonlyMap<string, string> {
  return new Map(
    [...values]
      .filter(([parameter]) => !parameter.startsWith(mailboxPrefix))
      .map(([parameter, reference]) => [parameter, locate(reference)]),
  );
}
