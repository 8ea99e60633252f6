import { AuthSessionsError } from '../../src/core/errors.js';
import type { Lease, SessionStore } from '../../src/core/ports.js';
import type { SecretReferenceText } from '../../src/core/secret-reference.js';
import { SecretValue } from '../../src/core/secret-value.js';

// A secret is no text: it has to be revealed where it is typed.
const secret = new SecretValue('x', 'label');
export const revealed: string = secret.reveal();
// @ts-expect-error -- it is not a string by itself
export const printed: string = secret;
// @ts-expect-error -- its value is not to be seen
export const value: unknown = secret.value;

// A reference has at least three parts.
export const reference: SecretReferenceText = 'op://vault/item/field';
export const withSection: SecretReferenceText = 'op://vault/item/section/field';
// @ts-expect-error -- two parts
export const tooShort: SecretReferenceText = 'op://vault/item';
// @ts-expect-error -- another scheme
export const upper: SecretReferenceText = 'OP://vault/item/field';

// An error has a code from the list, and says what to do.
export const error = new AuthSessionsError('ERR_STOPPED', { failed: 'It stopped.', next: 'Run again.' });
// @ts-expect-error -- a code that there is not
export const unknownCode = new AuthSessionsError('ERR_OTHER', { failed: 'It failed.', next: 'Run again.' });
// @ts-expect-error -- it does not say what to do
export const unexplained = new AuthSessionsError('ERR_STOPPED', { failed: 'It stopped.' });

// A lease may not be granted, and that has to be looked at.
export async function claim(store: SessionStore): Promise<Lease> {
  // @ts-expect-error -- somebody else may hold it
  return store.tryLease('name', 1000);
}
