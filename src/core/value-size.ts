import { AuthSessionsError } from './errors.js';
import type { SecretReference } from './secret-reference.js';

/** Every process of a run searches its output for each value in all its forms: a large one costs seconds and memory. */
export const largestValueBytes = 32 * 1024;

/** The error of a value with more bytes than `largestValueBytes`. */
export function tooLarge(
  { text }: Pick<SecretReference, 'text'>,
  bytes: number,
): AuthSessionsError | undefined {
  if (bytes <= largestValueBytes) return undefined;
  return new AuthSessionsError(
    'ERR_VALUE_UNUSABLE',
    {
      failed: `The value of "${text}" is too large.`,
      known: `It has ${bytes} bytes. The limit is ${largestValueBytes}, because a run searches all its output for the value.`,
      next: 'Refer to a smaller file: a certificate with its key, or a kubeconfig with one cluster.',
    },
    { reference: text },
  );
}
