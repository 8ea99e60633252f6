import { endOfCutValue, tellsValue } from './cut-value.js';
import type { Hit } from './hit.js';
import type { NeedleSearch } from './needle-search.js';
import type { Match } from './needle-trie.js';
import type { Needle, Needles } from './needles.js';
import { isInsideMarker } from './redaction-marker.js';
import { isWholeToken } from './token-boundary.js';
import { squeezedStretches } from './unseen-signs.js';

export interface SearchRange {
  readonly from?: number;
  readonly to?: number;
}

export interface FindOptions extends SearchRange {
  /** Whether all overlapping hits are returned, so that nothing of either remains. */
  readonly every: boolean;
  readonly bytesOnly: boolean;
}

export interface FindHitsOptions extends FindOptions {
  readonly markers: ReadonlySet<string>;
  readonly values: () => Iterable<string>;
}

export function findHits(needles: NeedleSearch<Needles>, bytes: Uint8Array, options: FindHitsOptions): Hit[] {
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

export interface FindPartedOptions extends FindHitsOptions {
  readonly reaches: { readonly ofForms: number; readonly ofParted: number };
}

/** Finds values with invisible characters between their letters. */
export function findPartedHits(
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
export function mergeHits(hits: readonly Hit[], { every }: FindOptions): Hit[] {
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
