import { isUtf8 } from 'node:buffer';
import type { WrittenForm } from './written-form.js';

/** A text in some encoding, named as in leak reports. */
export interface Encoded {
  readonly text: string;
  readonly encoding: string;
  /** Each character of the text is one byte. [UTF-8] */
  readonly as?: 'latin1';
}

/** The forms of a file's bytes: its value is in base64. None for other values. */
export function* fileForms(value: string): Iterable<WrittenForm> {
  const bytes = bytesInBase64(value);
  if (!bytes) return;
  const encoding = 'bytes';
  yield { bytes, encoding, carrier: 'text', bytesOnly: true };
  yield* base64Cores({ text: bytes.toString('latin1'), encoding, as: 'latin1' });
  yield* hexForms(bytes, encoding);
}

/** For each of the three offsets, the part that does not depend on the neighbours. */
export function* base64Cores({ text, encoding, as }: Encoded) {
  const padded = Buffer.from(`\0\0${text}`, as ?? 'utf8');
  for (const base64Offset of [0, 1, 2] as const) {
    const from = 2 - base64Offset;
    const core = padded
      .toString('base64', from)
      .slice(firstCoreSign[base64Offset], Math.floor(((padded.length - from) * 8) / 6));
    const form = { base64Offset, carrier: 'base64' as const, bytesOnly: false };
    yield { ...form, text: core, bytes: Buffer.from(core), encoding: within(encoding, 'base64') };
    const url = core.replaceAll('+', '-').replaceAll('/', '_');
    if (url !== core)
      yield { ...form, text: url, bytes: Buffer.from(url), encoding: within(encoding, 'base64url') };
  }
}

/** In lower and upper case. */
export function* hexForms(content: Buffer, encoding: string): Iterable<WrittenForm> {
  const hex = content.toString('hex');
  for (const digits of [hex, hex.toUpperCase()])
    yield {
      bytes: Buffer.from(digits),
      encoding: within(encoding, 'hex'),
      carrier: 'hex',
      bytesOnly: false,
    };
}

/** The name of an encoding in another one. */
export function within(inner: string, outer: string): string {
  if (inner === 'plain') return outer;
  return inner === outer ? `${inner} twice` : `${inner} in ${outer}`;
}

/** `undefined` for a value that is too short for a file, or the base64 of a text. */
function bytesInBase64(value: string): Buffer | undefined {
  if (value.length < shortestFile || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  return !isUtf8(bytes) && bytes.toString('base64') === value ? bytes : undefined;
}

/** A key of 32 bytes has 44 characters. */
const shortestFile = 40;
/** Index, by offset, of the first character with only the value's bits. */
const firstCoreSign = [0, 2, 3] as const;
