import { isUtf8 } from 'node:buffer';
import type { SecretValue } from '../core/secret-value.js';
import { findHits, findPartedHits, mergeHits, type FindOptions, type SearchRange } from './find-hits.js';
import type { Hit } from './hit.js';
import { createNeedleSearch } from './needle-search.js';
import { addNeedles, type Known, type Needles } from './needles.js';
import { createOpenEscaped } from './open-escaped.js';
import { parseJson, redactJsonText } from './redact-json.js';
import { markerOf } from './redaction-marker.js';
import { isRiskyInJson, replaceInBytes, replaceInText } from './replace-hits.js';
import { isSearchable, shortestSearched } from './searchable-values.js';
import { tokenReach } from './token-boundary.js';
import { squeezedEnd } from './unseen-signs.js';

/** Knows secrets, and replaces them in all output. A value is registered before anyone can use it. */
export interface Redactor {
  /** Registers a secret. A known value gets the new label. */
  add(secret: SecretValue): void;
  /**
   * Replaces each known value in any written form by `[redacted:label]`. Returns the same string if there is none. JSON
   * stays JSON. Values that are not `isSearchable` need `redactField`.
   */
  redact(text: string): string;
  /** Redacts a title or a single field. Also replaces a short value that is the whole text or is in quotes. */
  redactField(text: string): string;
  /** The label's marker if the number is a known code or value of digits; otherwise the number. */
  redactNumber(number: number): number | string;
  /**
   * Redacts bytes, and returns the same buffer if there is nothing to replace. UTF-8 text may change its length. In
   * other bytes, a value is overwritten by asterisks of the same length.
   */
  redactBytes(bytes: Buffer): Buffer;
  /** Every known value that begins in `[from, to)` of the bytes: leftmost first, and the longest at each place. */
  search(bytes: Uint8Array, range?: SearchRange): Hit[];
  /** Where the end of the bytes may begin a known value that continues in the next chunk, or their end. */
  openFrom(bytes: Uint8Array): number;
  /** How many bytes around a place `search` may look at. Streams keep that many from one chunk for the next. */
  readonly reach: number;
  /** All known secrets, in the order in which they were added. */
  secrets(): Iterable<SecretValue>;
}

export function createRedactor(): Redactor {
  const known = new Map<string, Known>();
  const short = new Map<string, Known>();
  const markers = new Set<string>();
  const clean = createCleanTexts();
  const needles = createNeedleSearch<Needles>();
  const openEscaped = createOpenEscaped();
  let pending: Known[] = [];
  let longestEscaped = 0;
  let longestParted = 0;

  const prepared = () => {
    for (const one of pending)
      longestEscaped = Math.max(longestEscaped, addNeedles(one, needles, openEscaped));
    pending = [];
    return needles;
  };
  const find = (bytes: Uint8Array, options: FindOptions) => {
    if (known.size === short.size) return [];
    const search = { ...options, markers, values: () => known.keys() };
    const hits = findHits(prepared(), bytes, search);
    const reaches = { ofForms: Math.max(needles.longest, longestEscaped), ofParted: longestParted };
    const parted = findPartedHits(needles, bytes, { ...search, reaches });
    return parted.length === 0 ? hits : mergeHits([...hits, ...parted], options);
  };
  const redact = (text: string) => {
    if (text.length < shortestSearched || known.size === short.size || clean.has(text)) return text;
    const bytes = Buffer.from(text);
    const redacted = replace(text, bytes, find(bytes, { every: true, bytesOnly: false }));
    if (redacted === text) clean.add(text);
    return redacted;
  };
  const replace = (text: string, bytes: Buffer, hits: readonly Hit[]) => {
    const redacted = replaceInText({ text, bytes, hits });
    // A value that contains quotes may span two strings. Then strings are redacted separately.
    const isWhole = !isRiskyInJson(text, bytes, hits) || parseJson(redacted) !== undefined;
    return isWhole ? redacted : (redactJsonText(text, { text: redact }) ?? redacted);
  };
  return {
    add(secret) {
      const value = secret.reveal();
      if (value === '') return;
      clean.clear();
      markers.add(markerOf(secret.label));
      const before = known.get(value);
      if (before) {
        before.secret = secret;
        return;
      }
      const one = { secret, value };
      known.set(value, one);
      longestParted = Math.max(longestParted, longestSignAndGap * Buffer.byteLength(value));
      if (!isSearchable(value)) short.set(value, one);
      else pending.push(one);
    },
    redact,
    redactField(text) {
      const whole = short.get(text) ?? short.get(text.trim());
      if (whole) return markerOf(whole.secret.label);
      let redacted = redact(text);
      for (const { value, secret } of short.values()) redacted = redactQuoted(redacted, value, secret.label);
      return redacted;
    },
    redactNumber(number) {
      const digits = String(number);
      const one = known.get(digits) ?? known.get(digits.padStart(shortestSearched, '0'));
      return one && isSearchable(one.value) ? markerOf(one.secret.label) : number;
    },
    redactBytes(bytes) {
      const isText = isUtf8(bytes) && !bytes.includes(0);
      const hits = find(bytes, { every: true, bytesOnly: !isText });
      if (hits.length === 0) return bytes;
      if (!isText) return replaceInBytes(bytes, hits);
      const text = bytes.toString();
      return Buffer.from(replace(text, bytes, hits));
    },
    search: (bytes, { from = 0, to = bytes.length } = {}) =>
      find(bytes, { from, to, every: false, bytesOnly: true }),
    openFrom(bytes) {
      const open = Math.min(prepared().openFrom(bytes), openEscaped.openFrom(bytes, longestEscaped));
      const end = squeezedEnd(bytes, longestParted);
      if (!end) return open;
      const openInEnd = needles.openFrom(end.bytes);
      return openInEnd === end.bytes.length ? open : Math.min(open, end.placeOf(openInEnd));
    },
    get reach() {
      return Math.max(prepared().longest, longestEscaped, longestParted, markerReach) + tokenReach;
    },
    *secrets() {
      for (const { secret } of known.values()) yield secret;
    },
  };
}

/** A run reports the same titles and paths thousands of times, so short clean texts are cached. */
function createCleanTexts() {
  const texts = new Set<string>();
  return {
    has: (text: string) => texts.has(text),
    add(text: string) {
      if (text.length > longestKept) return;
      if (texts.size >= mostKept) texts.clear();
      texts.add(text);
    },
    clear: () => texts.clear(),
  };
}

function redactQuoted(text: string, value: string, label: string): string {
  let redacted = text;
  for (const quote of ['"', "'", '`', '\\"'])
    redacted = redacted.replaceAll(`${quote}${value}${quote}`, () => `${quote}${markerOf(label)}${quote}`);
  return redacted;
}

const markerReach = 512;
/** A letter and the invisible characters around it: in JSON, a 24-bit colour and its reset take 33 bytes. */
const longestSignAndGap = 40;
const longestKept = 256;
const mostKept = 4096;
