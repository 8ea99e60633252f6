import { isPlainWords } from './credential-words.js';
import type { SecretValue } from '../core/secret-value.js';

/**
 * Whether a value names an account, which applications write in lower or upper case as they like: an e-mail address,
 * or a user name. Not one of plain words: in capitals it is a constant of some code.
 */
export function isAccountName(secret: SecretValue): boolean {
  const value = secret.reveal();
  if (value.length < shortestName || isPlainWords(value)) return false;
  return isAddress.test(value) || isNameLabel.test(secret.label);
}

const shortestName = 8;
const isAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const isNameLabel = /[./ ](?:user|user[ _-]?name|e-?mail|login)$/i;
