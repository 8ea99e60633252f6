import { parseSecretReference } from '../../core/secret-reference.js';
import { sessionNamePattern } from '../../core/validate-declaration.js';
import { withScheme } from '../suite/page-address.js';
import { keyPart } from './answers.js';

/** Without duplicates: an object with a duplicate key does not compile. */
export function namesOf(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

/** The problem with the first invalid session name, or with two whose credentials would have the same keys. */
export function whyNoSessions(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => !sessionNamePattern.test(name));
  if (wrong !== undefined)
    return `"${wrong}" is not a session name: letters, digits, "-", "_" and ".", a letter first`;
  const second = names.find((name, index) => firstAlike(name, names) < index);
  return second === undefined
    ? undefined
    : `"${names[firstAlike(second, names)]}" and "${second}" have the same keys for their credentials, which leave out case and punctuation`;
}

function firstAlike(name: string, names: readonly string[]): number {
  return names.findIndex((one) => keyPart(one) === keyPart(name));
}

/** The problem with an application's address. It goes into the config, so it has no password. */
export function whyNoAddress(text: string): string | undefined {
  const address = addressOf(text);
  if (address === undefined) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isWeb && url.username === '' && url.password === ''
    ? undefined
    : 'Write it in full, as in http://localhost:3000, without a user';
}

/** A host with a port has no scheme. `undefined` if it is empty. */
export function addressOf(text: string | undefined): string | undefined {
  const typed = text?.trim() ?? '';
  return typed === '' ? undefined : withScheme(typed);
}

/** The problem with the name of a vault: secret references do not allow every name. */
export function whyNoVault(name: string): string | undefined {
  try {
    parseSecretReference(`op://${name}/item/username`, {});
    return undefined;
  } catch {
    return name === '' ? 'Enter a name' : `"${name}" cannot be part of a secret reference: use its ID`;
  }
}

/** The problem with the name of a 1Password account. */
export function whyNoAccount(name: string): string | undefined {
  if (name.trim() === '') return 'Enter its name';
  return /\p{Cc}/u.test(name) ? 'Write it on one line' : undefined;
}
