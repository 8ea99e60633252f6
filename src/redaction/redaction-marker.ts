import type { Stretch } from './token-boundary.js';

/** Replaces a secret: `[redacted:admin.password]`. Needs no escaping in JSON, HTML and attributes. */
export function markerOf(label: string): string {
  return `${opening}${label.replaceAll(/[^\p{L}\p{N} .:@/+\-_~?=$*#!()]/gu, '_').slice(0, longestLabel)}]`;
}

/** A label may contain another secret, such as an account name. There it is not a leak. */
export function isInsideMarker({ bytes, start, end }: Stretch, markers: ReadonlySet<string>): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const from = Math.max(0, start - reach);
  const opens = text.subarray(from, Math.min(text.length, start + opening.length)).lastIndexOf(opening);
  if (opens === -1) return false;
  const closes = text.subarray(from + opens, from + opens + reach).indexOf(']');
  if (closes === -1 || from + opens + closes + 1 < end) return false;
  const marker = text.subarray(from + opens, from + opens + closes + 1).toString();
  return markers.has(marker);
}

const opening = '[redacted:';
const longestLabel = 100;
/** More bytes than the longest marker. */
const reach = 512;
