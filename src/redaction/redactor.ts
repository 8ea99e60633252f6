import type { Hit } from './hit.js';
import { isUtf8 } from 'node:buffer';
import { isSearchable, shortestSearched } from './common-values.js';
import { endOfCutValue, tellsValue } from './cut-value.js';
import { createEscapedValue, type Anchor, type EscapedValue } from './escaped-value.js';
import { createNeedleSearch, type Match, type NeedleSearch } from './needle-search.js';
import { createOpenEscaped, type OpenEscaped } from './open-escaped.js';
import { parseJson, redactJsonText } from './redact-json.js';
import { isInsideMarker, markerOf } from './redaction-marker.js';
import { isRiskyInJson, replaceInBytes, replaceInText } from './replace-hits.js';
import type { SecretValue } from '../core/secret-value.js';
import { isAccountName } from './account-name.js';
import { tellingLines } from './telling-lines.js';
import { isWholeToken, tokenReach } from './token-boundary.js';
import { squeezedEnd, squeezedStretches } from './unseen-signs.js';
import { partForms, writtenForms, writtenFormsOfCode, type WrittenForm } from './written-forms.js';

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

export interface SearchRange {
  readonly from?: number;
  readonly to?: number;
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
    return parted.length === 0 ? hits : merge([...hits, ...parted], options);
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

interface Known {
  secret: SecretValue;
  readonly value: string;
}

interface Needle {
  readonly known: Known;
  readonly form: WrittenForm;
  /** Whether it counts only as a whole token. */
  readonly token: boolean;
}

/** Needles with the same first bytes: a written form, and stretches of values that may be escaped. */
interface Needles {
  exact?: Needle;
  readonly anchored: Anchored[];
}

interface Anchored extends Needle {
  readonly escaped: EscapedValue;
  readonly anchor: Anchor;
}

interface FindOptions extends SearchRange {
  /** Whether all overlapping hits are returned, so that nothing of either remains. */
  readonly every: boolean;
  readonly bytesOnly: boolean;
}

/** Returns the most bytes that the escaped value may take. */
function addNeedles(known: Known, needles: NeedleSearch<Needles>, open: OpenEscaped): number {
  const { secret, value } = known;
  const token = secret.kind === 'code' || (/^\d+$/.test(value) && value.length < shortestLongNumber);
  const add = (form: WrittenForm) =>
    (needles.add(form.bytes, { anchored: [] }).exact ??= { known, form, token });
  for (const form of token ? writtenFormsOfCode(value) : writtenForms(value)) add(form);
  if (token) return 0;
  const lines = tellingLines(value);
  const cased = isAccountName(secret) ? [value.toLowerCase(), value.toUpperCase()] : [];
  const parts = [...lines.flatMap(partForms), ...cased.flatMap((one) => partForms(one).slice(0, 1))];
  parts.forEach(add);
  const escaped = lines.length > 0 ? parts : [...parts, ...partForms(value)];
  return Math.max(0, ...escaped.map((form) => addAnchors(known, form, { needles, open })));
}

function addAnchors(
  known: Known,
  form: WrittenForm,
  { needles, open }: { readonly needles: NeedleSearch<Needles>; readonly open: OpenEscaped },
): number {
  const escaped = createEscapedValue(form.bytes.toString());
  if (!escaped) return 0;
  open.add(escaped);
  for (const anchor of escaped.anchors)
    needles.add(anchor.bytes, { anchored: [] }).anchored.push({ known, form, token: false, escaped, anchor });
  return escaped.reach;
}

interface FindHitsOptions extends FindOptions {
  readonly markers: ReadonlySet<string>;
  readonly values: () => Iterable<string>;
}

function findHits(needles: NeedleSearch<Needles>, bytes: Uint8Array, options: FindHitsOptions): Hit[] {
  const { from = 0, to = bytes.length, every, values } = options;
  const hits: Hit[] = [];
  let reached = from;
  const keep = ({ known, form }: Needle, hit: Pick<Hit, 'start' | 'end' | 'cut'>) => {
    hits.push({ ...hit, form, label: known.secret.label, encoding: form.encoding });
    reached = Math.max(reached, hit.end);
    return every ? Math.max(hit.start, 0) + 1 : hit.end;
  };
  needles.find(bytes, { from, to }, ({ start, end, cut, payload: { exact, anchored } }) => {
    // A hit inside another is removed with it. One that extends beyond it must be removed too.
    if (end <= reached) return start + 1;
    const needle = exact ?? anchored[0];
    if (needle && (exact !== undefined || cut) && isHit(bytes, { start, end, cut, payload: needle }, options))
      return keep(needle, { start, cut, end: cut ? endOfCutValue(bytes, end, values()) : end });
    for (const one of cut ? [] : anchored) {
      const found = one.escaped.findAround(bytes, start, one.anchor);
      if (found && found.end > reached && isHit(bytes, { ...found, cut, payload: one }, options))
        return keep(one, { ...found, cut });
    }
    return undefined;
  });
  return hits.sort((one, other) => one.start - other.start);
}

interface FindPartedOptions extends FindHitsOptions {
  readonly reaches: { readonly ofForms: number; readonly ofParted: number };
}

/** Finds values with invisible characters between their letters. */
function findPartedHits(
  needles: NeedleSearch<Needles>,
  bytes: Uint8Array,
  options: FindPartedOptions,
): Hit[] {
  const { from = 0, to = bytes.length, reaches } = options;
  const around = { from: from - reaches.ofParted, to: to + reaches.ofParted, reach: reaches.ofForms };
  return squeezedStretches(bytes, around).flatMap((squeezed) => {
    const range = { from: 0, to: squeezed.bytes.length };
    return findHits(needles, squeezed.bytes, { ...options, ...range }).flatMap((hit) => {
      const [start, end] = [squeezed.placeOf(hit.start), squeezed.placeOf(hit.end - 1) + 1];
      const isParted = end - start > hit.end - hit.start && start >= from && start < to;
      return isParted ? [{ ...hit, start, end, encoding: `${hit.encoding}, with invisible characters` }] : [];
    });
  });
}

/** Sorts hits. A hit inside another is removed with it. */
function merge(hits: readonly Hit[], { every }: FindOptions): Hit[] {
  let reached = 0;
  return hits
    .toSorted((one, other) => one.start - other.start || other.end - one.end)
    .filter(({ start, end }) => {
      if (every ? end <= reached : start < reached) return false;
      reached = end;
      return true;
    });
}

function isHit(
  bytes: Uint8Array,
  { start, end, cut, payload: { form, token, known } }: Match<Needle>,
  { bytesOnly, markers }: FindHitsOptions,
): boolean {
  if (form.bytesOnly && !bytesOnly) return false;
  if (token && (cut || !isWholeToken({ bytes, start, end }, form))) return false;
  if (cut && !tellsValue(known.value, end - start)) return false;
  return !isInsideMarker({ bytes, start, end }, markers);
}

function redactQuoted(text: string, value: string, label: string): string {
  let redacted = text;
  for (const quote of ['"', "'", '`', '\\"'])
    redacted = redacted.replaceAll(`${quote}${value}${quote}`, () => `${quote}${markerOf(label)}${quote}`);
  return redacted;
}

/** Shorter numbers occur in times and sizes. */
const shortestLongNumber = 14;
const markerReach = 512;
/** A letter and the invisible characters around it: in JSON, a 24-bit colour and its reset take 33 bytes. */
const longestSignAndGap = 40;
const longestKept = 256;
const mostKept = 4096;
