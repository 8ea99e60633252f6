import type { SecretReference } from '../../core/secret-reference.js';

/** A reference as the SDK takes it: names in any case of letters, but IDs in small ones only. */
export function sdkText({ text }: Pick<SecretReference, 'text'>): string {
  return text.replaceAll(/(?<=\/)[a-z2-7]{26}(?=[/?]|$)/gi, (id) => id.toLowerCase());
}

/** 16 bytes as 1Password writes them: 26 letters and digits of Base32. */
export function isId(part: string): boolean {
  return /^[a-z2-7]{26}$/i.test(part);
}
