import { ellipsisLength, shortestCut } from './cut-value.js';

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

interface Place<Payload> {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly visit: Visit<Payload>;
}

/**
 * What follows the needles' first four bytes, for `createNeedleSearch`. Nodes are indexes into four arrays: several hundred
 * secrets in about twenty forms each take a few megabytes.
 */
export function createNeedleTrie<Payload>() {
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

function grown<Numbers extends Uint8Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** The bytes of a needle that are found without the trie. */
export const prefixBytes = 4;
