import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { isItemReference, type SecretReference } from '../core/secret-reference.js';

/**
 * Refuses references to items where only Environments can be read: 1Password's credential broker, which answers
 * workload identities, serves nothing else.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID`
 */
export function refuseItems(sessions: Iterable<DeclaredSession>): void {
  const errors = [...sessions].flatMap(({ name, values, code }) => {
    const items = [...values, ...(code ? [['otp', code] as const] : [])].filter(([, reference]) =>
      isItemReference(reference),
    );
    const places = new Set(items.map(([parameter, { purpose }]) => (purpose ? 'login' : parameter)));
    const [first] = items;
    return first ? [refused(name, [...places], first[1])] : [];
  });
  if (errors.length > 0) throw joinErrors(errors);
}

function refused(session: string, places: readonly string[], reference: SecretReference): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}": a workload identity cannot read ${places.join(', ')}.`,
      known: `"${reference.text}" is in a vault, and 1Password gives a workload only Environments.`,
      next:
        'Move the values into an Environment, and write op-env://ENVIRONMENT_ID/NAME. Or set ' +
        'OP_SERVICE_ACCOUNT_TOKEN, which is used instead.',
    },
    { session, reference: reference.text },
  );
}
