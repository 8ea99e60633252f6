/** One written form of a value. */
export interface WrittenForm {
  readonly bytes: Buffer;
  /** Its name in leak reports: `plain`, `JSON in base64`. */
  readonly encoding: string;
  /**
   * For base64: offset of the value's first byte in its group of three. At both ends, a character may contain bits of
   * the value and of its neighbour.
   */
  readonly base64Offset?: 0 | 1 | 2;
  /** How to read its neighbours. */
  readonly carrier: 'text' | 'base64' | 'hex' | 'utf-16le' | 'utf-16be';
  /** Whether it can occur only in binary data: in text it would end inside a character. */
  readonly bytesOnly: boolean;
}
