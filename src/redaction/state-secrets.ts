import { SecretValue } from '../core/secret-value.js';
import type { StorageState } from '../core/storage-state.js';
import { credentialWords, isSetting } from './credential-words.js';

/**
 * Credentials in a storage state: cookie values; values in localStorage, sessionStorage and IndexedDB that look like
 * credentials (tokens, JWTs and their parts, keys, opaque strings of at least 16 characters), also inside JSON;
 * private keys of passkeys; headers; HTTP credentials and client certificates. Settings (`dark`, `Europe/Berlin`) are
 * left out: they would be redacted in every text.
 */
export function secretsOfState(state: StorageState, session: string): SecretValue[] {
  const { playwright, sessionStorage, headers, access } = state;
  const secrets = new Map<string, SecretValue>();
  const keep = (values: readonly string[], label: string) => {
    for (const value of values)
      if (!secrets.has(value)) secrets.set(value, new SecretValue(value, `${session} ${label}`));
  };
  for (const cookie of playwright.cookies) keep(cookieValues(cookie), `cookie ${cookie.name}`);
  for (const { localStorage, ...others } of playwright.origins) {
    for (const { name, value } of localStorage) keep(credentialWords(value, name), `storage ${name}`);
    for (const { place, value } of recordsOf(others))
      keep(
        textsOf(value).flatMap((text) => credentialWords(text)),
        place,
      );
  }
  for (const { items } of sessionStorage)
    for (const { name, value } of items) keep(credentialWords(value, name), `storage ${name}`);
  for (const { privateKey, rpId } of passkeysOf(playwright))
    keep(inBothAlphabets(privateKey), `passkey ${rpId}`);
  for (const { name, value } of headers?.items ?? []) keep(headerValues(value), `header ${name}`);
  for (const { username, password } of access?.httpCredentials ?? [])
    keep([password, Buffer.from(`${username}:${password}`).toString('base64')], 'httpCredentials password');
  for (const { cert = '', key = '', pfx, passphrase } of access?.clientCertificates ?? []) {
    keep(inPem(key), 'clientCertificates key');
    keep(inPem(cert), 'clientCertificates cert');
    keep(pfx === undefined ? [] : [pfx], 'clientCertificates pfx');
    keep(passphrase === undefined ? [] : [passphrase], 'clientCertificates passphrase');
  }
  return [...secrets.values()];
}

type Cookie = StorageState['playwright']['cookies'][number];

/** The value as sent, as decoded without escapes and quotes, and the tokens in it. */
function cookieValues({ name, value, httpOnly }: Cookie): string[] {
  const isCredential = httpOnly || credentialName.test(name) || !isSetting(value);
  const meant = unescaped(value).replace(/^"(.*)"$/s, '$1');
  const whole = isCredential ? [value, meant].filter((one) => one.length >= shortestCookie) : [];
  return [...new Set([...whole, ...credentialWords(meant, name)])];
}

/** The text, and each body without its line breaks. */
function inPem(text: string): string[] {
  const bodies = [...text.matchAll(/-----BEGIN [^-]+-----([^-]*)-----END/g)];
  return [text.trim(), ...bodies.map(([, body = '']) => body.replaceAll(/\s/g, ''))].filter(
    (one) => one !== '',
  );
}

/** The value as sent, what follows its scheme, and the password of HTTP Basic. */
function headerValues(value: string): string[] {
  const [, scheme = '', credential] = /^([A-Za-z][\w-]*) +(\S.*)$/.exec(value) ?? [];
  const decoded = scheme.toLowerCase() === 'basic' ? Buffer.from(credential ?? '', 'base64').toString() : '';
  const password = decoded.slice(decoded.indexOf(':') + 1);
  const whole = [credential ?? value, password].filter((one) => one.length >= shortestCookie);
  return [...new Set([...whole, ...credentialWords(value, 'token')])];
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * IndexedDB in Playwright's storage state, which its types lack: databases, their stores, and records with `value` or,
 * if JSON cannot represent it, `valueEncoded`. Files of the origin (OPFS) are in base64: those of text are read.
 */
function* recordsOf(origin: Readonly<Record<string, unknown>>): Iterable<{ place: string; value: unknown }> {
  for (const database of listAt(origin, 'indexedDB'))
    for (const store of listAt(database, 'stores'))
      yield {
        place: `storage ${textAt(database, 'name')}/${textAt(store, 'name')}`,
        value: listAt(store, 'records'),
      };
  for (const file of listAt(origin, 'opfs'))
    yield { place: `file ${textAt(file, 'path')}`, value: decodeText(textAt(file, 'base64')) };
}

/** Empty for a file that is no text, or too long for an account's. */
function decodeText(base64: string): string {
  if (base64.length > longestFile) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return '';
  }
}

function passkeysOf(state: object): { privateKey: string; rpId: string }[] {
  return listAt(state, 'credentials')
    .map((credential) => ({ privateKey: textAt(credential, 'privateKey'), rpId: textAt(credential, 'rpId') }))
    .filter(({ privateKey }) => privateKey !== '');
}

/** Keys are in base64 or base64url, with or without padding: finds each form of the others. */
function inBothAlphabets(key: string): string[] {
  const bare = key.replace(/=+$/, '');
  const url = bare.replaceAll('+', '-').replaceAll('/', '_');
  return [...new Set([bare, url, url.replaceAll('-', '+').replaceAll('_', '/')])];
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function listAt(value: unknown, key: string): object[] {
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list)
    ? list.filter((item): item is object => typeof item === 'object' && item !== null)
    : [];
}

function textAt(value: object, key: string): string {
  const text: unknown = Reflect.get(value, key);
  return typeof text === 'string' ? text : '';
}

const shortestCookie = 6;
const longestFile = 1024 * 1024;
const credentialName = /sess|sid|auth|token|jwt|csrf|xsrf|login|remember|secret|key/i;
