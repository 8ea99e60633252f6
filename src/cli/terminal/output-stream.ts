import type { Writable } from 'node:stream';

/** A terminal, a file or a pipe. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function isTerminal({ isTTY }: OutputStream): boolean {
  return isTTY === true;
}
