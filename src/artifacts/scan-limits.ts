import type { Redactor } from '../redaction/redactor.js';

export interface ScanOptions {
  readonly redactor: Redactor;
  readonly signal?: AbortSignal | undefined;
  /** Called after each stretch with the number of bytes searched, including opened archives. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly limits: ScanLimits;
  readonly time: ScanTime;
}

export interface ScanLimits {
  /** Most bytes that a file's archives may expand to. */
  readonly expandedBytes: number;
  /** The same limit as a multiple of the file's size. */
  readonly ratio: number;
  /** Bytes that any file may expand to, even a small one. */
  readonly smallestBytes: number;
  /** Most members of archives, and apparent archives, in one file. */
  readonly entries: number;
  /** Most bytes of an archive within an archive, which is opened in memory. */
  readonly memoryBytes: number;
  /** Most levels of nested archives. */
  readonly depth: number;
  /** Most seconds of the whole search. */
  readonly seconds: number;
}

export const defaultLimits: ScanLimits = {
  expandedBytes: 4 * 1024 ** 3,
  ratio: 100,
  smallestBytes: 256 * 1024 ** 2,
  entries: 200_000,
  memoryBytes: 48 * 1024 ** 2,
  depth: 6,
  seconds: 600,
};

/** Counts the cost of searching one file. Each method throws a `ScanStoppedError` at a limit. */
export interface ScanMeter {
  bytes(more: number): void;
  /** Call before unpacking something of this size. */
  foresee(more: number): void;
  entry(): void;
  /** Bytes left before the limit. */
  readonly leftBytes: number;
}

/** A limit ended the search of a file: the rest of its content is unknown. */
export class ScanStoppedError extends Error {}

/** The time of a search, shared by all its files. */
export interface ScanTime {
  isOver(): boolean;
}

export function createScanTime(seconds: number, nowMs: () => number): ScanTime {
  const endMs = nowMs() + seconds * 1000;
  return { isOver: () => nowMs() >= endMs };
}

export interface ScanMeterOptions {
  readonly limits: ScanLimits;
  readonly time: ScanTime;
  readonly fileBytes: number;
}

export function createScanMeter({ limits, time, fileBytes }: ScanMeterOptions): ScanMeter {
  const mostBytes =
    fileBytes + Math.min(limits.expandedBytes, Math.max(limits.smallestBytes, limits.ratio * fileBytes));
  let spentBytes = 0;
  let entries = 0;
  const inTime = () => {
    if (time.isOver()) throw new ScanStoppedError(timeIsOver(limits));
  };
  const foresee = (more: number) => {
    if (spentBytes + more > mostBytes)
      throw new ScanStoppedError(`it expands to more than the limit of ${megabytes(mostBytes)} MB`);
  };
  return {
    foresee,
    get leftBytes() {
      return mostBytes - spentBytes;
    },
    bytes(more) {
      inTime();
      foresee(more);
      spentBytes += more;
    },
    entry() {
      inTime();
      entries += 1;
      if (entries > limits.entries)
        throw new ScanStoppedError(`its archives have more members than the limit of ${limits.entries}`);
    },
  };
}

export function timeIsOver({ seconds }: ScanLimits): string {
  return `the search stopped at its limit of ${seconds} s`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
