import type { SecretReference } from '../../core/secret-reference.js';

/** A reference in the form that the SDK accepts: names in any case, but IDs in lower case. */
export function sdkText({ text }: Pick<SecretReference, 'text'>): string {
  return text.replaceAll(/(?<=\/)[a-z2-7]{26}(?=[/?]|$)/gi, (id) => id.toLowerCase());
}

/** 16 bytes as 1Password writes them: 26 characters of Base32. */
export function isId(part: string): boolean {
  return /^[a-z2-7]{26}$/i.test(part);
}
