import type { SecretReference } from '../core/secret-reference.js';

/** A reference as the SDK takes it: names in any case of letters, but IDs in small ones only. */
export function sdkText({ text }: Pick<SecretReference, 'text'>): string {
  return text.replaceAll(/(?<=\/)[a-z2-7]{26}(?=[/?]|$)/gi, (id) => id.toLowerCase());
}
