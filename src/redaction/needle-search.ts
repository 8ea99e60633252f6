import { createNeedleTrie, prefixBytes, type Visit } from './needle-trie.js';

/**
 * Searches bytes for many needles in one pass: a filter and a table find where a needle may begin (by its first four
 * bytes), and a trie which ones do. Adding a needle costs only its own length. A stretch of bytes can be searched
 * without what precedes it: `longest` limits how far a match extends.
 */
export interface NeedleSearch<Payload> {
  /** Adds a needle of at least four bytes. Equal needles keep their first payload, which is returned. */
  add(needle: Uint8Array, payload: Payload): Payload;
  /** Calls `visit` with each match that begins in `[from, to)`, leftmost first, then longest first. */
  find(bytes: Uint8Array, range: { readonly from: number; readonly to: number }, visit: Visit<Payload>): void;
  /** The first place where the end of the bytes may begin a needle, or the end. */
  openFrom(bytes: Uint8Array): number;
  /** Length of the longest needle in bytes. */
  readonly longest: number;
}

export function createNeedleSearch<Payload>(): NeedleSearch<Payload> {
  const trie = createNeedleTrie<Payload>();
  const filter = new Uint8Array(1 << (32 - filterShift));
  const entries = new Map<number, number>();
  const heads = createHeads();
  let longest = 0;
  return {
    get longest() {
      return longest;
    },
    add(needle, payload) {
      if (needle.length < prefixBytes) throw new TypeError('a needle has at least four bytes');
      const prefix = prefixAt(needle, 0);
      const entry = entries.get(prefix) ?? trie.addRoot();
      if (!entries.has(prefix)) {
        entries.set(prefix, entry);
        heads.add(prefix);
        filter[slotOf(prefix)] = 1;
      }
      longest = Math.max(longest, needle.length);
      return trie.add(entry, needle, payload);
    },
    openFrom(bytes) {
      for (let at = Math.max(0, bytes.length - longest + 1); at < bytes.length; at += 1) {
        const left = bytes.length - at;
        if (left < prefixBytes) {
          if (heads.has(bytes, at)) return at;
          continue;
        }
        const entry = entries.get(prefixAt(bytes, at));
        if (entry !== undefined && trie.goesOn(entry, bytes, at)) return at;
      }
      return bytes.length;
    },
    find(bytes, { from, to }, visit) {
      const stop = Math.min(to, bytes.length - prefixBytes + 1);
      let at = from;
      let word = prefixAt(bytes, at - 1);
      while (at < stop) {
        word = (word << 8) | (bytes[at + 3] ?? 0);
        if (filter[Math.imul(word, filterFactor) >>> filterShift] !== 0) {
          const entry = entries.get(word);
          const next = entry === undefined ? undefined : trie.match(entry, { bytes, start: at, visit });
          if (next !== undefined && next > at + 1) {
            at = next;
            word = prefixAt(bytes, at - 1);
            continue;
          }
        }
        at++;
      }
    },
  };
}

function prefixAt(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  return (a << 24) | (b << 16) | (c << 8) | d;
}

/** The first one to three bytes of all prefixes. Only streams ask for them. */
function createHeads() {
  const heads = new Set<string>();
  let pending: number[] = [];
  const prepare = () => {
    for (const prefix of pending)
      for (let length = 1; length < prefixBytes; length += 1) {
        const bytes = [24, 16, 8].slice(0, length).map((shift) => (prefix >>> shift) & 0xff);
        heads.add(String.fromCharCode(...bytes));
      }
    pending = [];
  };
  return {
    add: (prefix: number) => void pending.push(prefix),
    /** Whether the last bytes begin a prefix. */
    has(bytes: Uint8Array, at: number) {
      prepare();
      return heads.has(String.fromCharCode(...bytes.subarray(at)));
    },
  };
}

function slotOf(prefix: number): number {
  return Math.imul(prefix, filterFactor) >>> filterShift;
}

const filterFactor = 0x9e3779b1;
const filterShift = 14;
