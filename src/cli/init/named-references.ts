import type { DeclaredSession } from '../../core/declared-session.js';
import { isItemReference, type ItemReference } from '../../core/secret-reference.js';
import { referencesFor, type InitAnswers } from './answers.js';

/** A reference to an item, and its use: `admin password`. */
export interface NamedReference {
  readonly reference: ItemReference;
  readonly usedAs: string;
}

/** References to items of the declared sessions, without duplicates. */
export function declaredReferences(sessions: readonly DeclaredSession[]): readonly NamedReference[] {
  const all = sessions
    .flatMap(({ name, values, code }) => [
      ...[...values].map(([parameter, reference]) => ({ reference, usedAs: `${name} ${parameter}` })),
      ...(code ? [{ reference: code, usedAs: `${name} one-time password` }] : []),
    ])
    .flatMap(({ reference, usedAs }) => (isItemReference(reference) ? [{ reference, usedAs }] : []));
  return all.filter(
    (one, index) => all.findIndex(({ reference }) => reference.text === one.reference.text) === index,
  );
}

/** References of the sessions that init would declare. */
export function plannedReferences(answers: InitAnswers): readonly NamedReference[] {
  return answers.sessions.flatMap((session) =>
    referencesFor(session, answers)
      .filter(isItemReference)
      .map((reference) => ({ reference, usedAs: `${session} ${reference.field}` })),
  );
}
