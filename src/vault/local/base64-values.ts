/** At a key's end: its value is in Base64. In small letters, as the keys of references have capitals alone. */
export const base64Suffix = '__base64';

/** The key that a line gives a value to. */
export function plainKey(key: string): string {
  return key.endsWith(base64Suffix) ? key.slice(0, -base64Suffix.length) : key;
}

/** Values as they are meant: `undefined` where there is no Base64 of a text, though the key says so. */
export function decodeValues(
  values: Readonly<Record<string, string>>,
): readonly (readonly [key: string, value: string | undefined])[] {
  return Object.entries(values).map(([key, value]) => [
    key,
    key.endsWith(base64Suffix) ? decode(value) : value,
  ]);
}

/** `Buffer` passes over what is no Base64, and makes something of any bytes. */
function decode(value: string): string | undefined {
  const packed = value.replaceAll(/\s/g, '');
  const bytes = Buffer.from(packed, 'base64');
  const again = bytes.toString('base64');
  if (packed !== again && packed !== again.replace(/=+$/, '')) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
