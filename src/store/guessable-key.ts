/**
 * Why 32 bytes are not a random key; `undefined` if they may be. Random keys have about 30 different bytes, and as many
 * different steps between neighbours. Fewer than 17 of either occur in less than one of 10^13 random keys, and so do
 * printable characters only.
 */
export function whyGuessable(bytes: Uint8Array): string | undefined {
  const values = new Set(bytes).size;
  if (values <= fewest) return `It has only ${values} different bytes among its ${bytes.length}.`;
  const steps = new Set([...bytes].slice(1).map((byte, index) => (byte - (bytes[index] ?? 0) + 256) % 256))
    .size;
  if (steps <= fewest) return 'Its bytes follow a pattern.';
  if (bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) return 'Its bytes are readable text.';
  return undefined;
}

const fewest = 16;
