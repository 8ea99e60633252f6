import type { DeclaredSession } from '../core/declared-session.js';
import { mailboxPrefix } from '../core/mailbox.js';
import type { Vault } from '../core/ports.js';

/**
 * Where each value came from that a flow gets, by parameter, and its `code`: a reference, or a key of the local
 * credentials file.
 */
export function valueSources(
  { values, code }: Pick<DeclaredSession, 'values' | 'code'>,
  { locate = ({ text }) => text }: Pick<Vault, 'locate'>,
): ReadonlyMap<string, string> {
  const given = [...values].filter(([parameter]) => !parameter.startsWith(mailboxPrefix));
  const codes = code && !values.has('code') ? [['code', code] as const] : [];
  return new Map([...given, ...codes].map(([parameter, reference]) => [parameter, locate(reference)]));
}
