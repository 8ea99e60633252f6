import type { DeclaredSession } from '../../core/declared-session.js';
import type { ConnectionName } from '../../core/vault-connection.js';
import { isItemReference, type ItemReference } from '../../core/secret-reference.js';
import { connectionOf, referencesFor, type InitAnswers } from './answers.js';

/** A reference to an item, and its use: `admin password`. */
export interface NamedReference {
  readonly reference: ItemReference;
  readonly usedAs: string;
  /** The vault connection that it is read from. */
  readonly connection: ConnectionName;
}

/** References to items of the declared sessions, without duplicates. */
export function declaredReferences(sessions: readonly DeclaredSession[]): readonly NamedReference[] {
  const all = sessions
    .flatMap(({ name, values, code, vault: connection }) => [
      ...[...values].map(([parameter, reference]) => ({
        reference,
        connection,
        usedAs: `${name} ${parameter}`,
      })),
      ...(code ? [{ reference: code, connection, usedAs: `${name} one-time password` }] : []),
    ])
    .flatMap(({ reference, ...rest }) => (isItemReference(reference) ? [{ reference, ...rest }] : []));
  return all.filter(
    (one, index) =>
      all.findIndex(
        ({ reference, connection }) => reference.text === one.reference.text && connection === one.connection,
      ) === index,
  );
}

/** References of the sessions that init would declare. */
export function plannedReferences(answers: InitAnswers): readonly NamedReference[] {
  return answers.sessions.flatMap((session) =>
    referencesFor(session, answers)
      .filter(isItemReference)
      .map((reference) => ({
        reference,
        connection: connectionOf(session, answers),
        usedAs: `${session} ${reference.field}`,
      })),
  );
}
