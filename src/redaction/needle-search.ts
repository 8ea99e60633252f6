import { ellipsisLength, shortestCut } from './cut-value.js';

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

export interface Match<Payload> {
  readonly start: number;
  readonly end: number;
  readonly payload: Payload;
  /** Whether only the needle's beginning is there, followed by an ellipsis, as in shortened titles. */
  readonly cut: boolean;
}

/**
 * If the match counts, returns where to continue, and no more matches at this place are tried. Otherwise `undefined`.
 */
export type Visit<Payload> = (match: Match<Payload>) => number | undefined;

export function createNeedleSearch<Payload>(): NeedleSearch<Payload> {
  const trie = createTrie<Payload>();
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

interface Place<Payload> {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly visit: Visit<Payload>;
}

/** Nodes are indexes into four arrays: several hundred secrets in about twenty forms each take a few megabytes. */
function createTrie<Payload>() {
  let size = 1; // node 0 means none
  let capacity = 1024;
  let byteOf = new Uint8Array(capacity);
  let firstChild = new Int32Array(capacity);
  let sibling = new Int32Array(capacity);
  let payloadOf = new Int32Array(capacity); // index in `payloads` plus one; 0 means none
  const payloads: Payload[] = [];

  const create = (byte: number) => {
    if (size === capacity) {
      capacity *= 2;
      byteOf = grown(byteOf, new Uint8Array(capacity));
      firstChild = grown(firstChild, new Int32Array(capacity));
      sibling = grown(sibling, new Int32Array(capacity));
      payloadOf = grown(payloadOf, new Int32Array(capacity));
    }
    byteOf[size] = byte;
    return size++;
  };
  const childOf = (node: number, byte: number) => {
    let child = firstChild[node] ?? 0;
    while (child !== 0 && byteOf[child] !== byte) child = sibling[child] ?? 0;
    return child;
  };
  const payloadBelow = (node: number) => {
    let below = node;
    while (payloadOf[below] === 0) below = firstChild[below] ?? 0;
    return payloads[(payloadOf[below] ?? 0) - 1] as Payload;
  };

  return {
    addRoot: () => create(0),
    add(root: number, needle: Uint8Array, payload: Payload) {
      let node = root;
      for (let at = prefixBytes; at < needle.length; at += 1) {
        const byte = needle[at] ?? 0;
        let child = childOf(node, byte);
        if (child === 0) {
          child = create(byte);
          sibling[child] = firstChild[node] ?? 0;
          firstChild[node] = child;
        }
        node = child;
      }
      if (payloadOf[node] === 0) payloadOf[node] = payloads.push(payload);
      return payloads[(payloadOf[node] ?? 0) - 1] as Payload;
    },
    /** Whether all bytes from there on begin a needle but do not complete it. */
    goesOn(root: number, bytes: Uint8Array, start: number): boolean {
      let node = root;
      for (let at = start + prefixBytes; at < bytes.length; at += 1) {
        node = childOf(node, bytes[at] ?? 0);
        if (node === 0) return false;
      }
      return firstChild[node] !== 0;
    },
    match(root: number, { bytes, start, visit }: Place<Payload>): number | undefined {
      const ends: number[] = [];
      let node = root;
      let end = start + prefixBytes;
      for (;;) {
        if (payloadOf[node] !== 0) ends.push(end, node);
        const child = end < bytes.length ? childOf(node, bytes[end] ?? 0) : 0;
        if (child === 0) break;
        node = child;
        end++;
      }
      if (end - start >= shortestCut && firstChild[node] !== 0 && isEllipsis(bytes, end)) {
        const next = visit({ start, end, payload: payloadBelow(node), cut: true });
        if (next !== undefined) return next;
      }
      while (ends.length > 0) {
        const last = ends.pop() ?? 0;
        const payload = payloads[(payloadOf[last] ?? 0) - 1] as Payload;
        const next = visit({ start, end: ends.pop() ?? 0, payload, cut: false });
        if (next !== undefined) return next;
      }
      return undefined;
    },
  };
}

/** Whether a text was shortened here. */
function isEllipsis(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at];
  return (next === 0xe2 || next === 0x2e || next === 0x5c) && ellipsisLength(bytes, at) > 0;
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

function grown<Numbers extends Uint8Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

const prefixBytes = 4;
const filterFactor = 0x9e3779b1;
const filterShift = 14;
