/** Text; or bytes that are not text, which only Base64 can write. */
export type LocalValue = string | Buffer;

/** Suffix of keys whose values are in Base64. In lower case, because keys of references are upper case. */
export const base64Suffix = '__base64';

/** The key without the suffix. */
export function plainLocalKey(key: string): string {
  return key.endsWith(base64Suffix) ? key.slice(0, -base64Suffix.length) : key;
}

/** Decoded values; `undefined` if a value should be in Base64 but is not. */
export function decodeValues(
  values: Readonly<Record<string, string>>,
): readonly (readonly [key: string, value: LocalValue | undefined])[] {
  return Object.entries(values).map(([key, value]) => [
    key,
    key.endsWith(base64Suffix) ? decode(value) : value,
  ]);
}

/** The value of a reference of kind `bytes`. */
export function toBase64(value: LocalValue): string {
  return Buffer.from(value as string).toString('base64');
}

/** `Buffer` skips invalid Base64. */
function decode(value: string): LocalValue | undefined {
  const packed = value.replaceAll(/\s/g, '');
  const bytes = Buffer.from(packed, 'base64');
  const again = bytes.toString('base64');
  if (packed !== again && packed !== again.replace(/=+$/, '')) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
