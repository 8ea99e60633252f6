import { isPlainWords } from './credential-words.js';
import type { SecretValue } from '../core/secret-value.js';

/**
 * Whether a value is an account name, whose case applications may change: an e-mail address or a user name. Plain words
 * do not count: in capitals they are constants in code.
 */
export function isAccountName(secret: SecretValue): boolean {
  const value = secret.reveal();
  if (value.length < shortestName || isPlainWords(value)) return false;
  return isAddress.test(value) || isNameLabel.test(secret.label);
}

const shortestName = 8;
const isAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const isNameLabel = /[./ ](?:user|user[ _-]?name|e-?mail|login)$/i;
