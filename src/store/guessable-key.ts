/**
 * Why 32 bytes are no random key; `undefined` when nothing speaks against them. Random ones have about 30 different
 * bytes, and as many different steps from one to the next; that they have 16 or fewer of either happens once in more than
 * 10^13 keys, and so does it that all of them are printable characters.
 */
export function whyGuessable(bytes: Uint8Array): string | undefined {
  const values = new Set(bytes).size;
  if (values <= fewest) return `It has ${values} different bytes among its ${bytes.length}.`;
  const steps = new Set([...bytes].slice(1).map((byte, index) => (byte - (bytes[index] ?? 0) + 256) % 256))
    .size;
  if (steps <= fewest) return 'Its bytes follow each other by a rule.';
  if (bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) return 'Its bytes spell a text.';
  return undefined;
}

const fewest = 16;
