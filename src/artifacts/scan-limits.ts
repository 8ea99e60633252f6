import type { Redactor } from '../redaction/redactor.js';

export interface ScanOptions {
  readonly redactor: Redactor;
  readonly signal?: AbortSignal | undefined;
  /** After each stretch: how many bytes more were searched, opened archives included. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly limits: ScanLimits;
  readonly time: ScanTime;
}

export interface ScanLimits {
  /** Of all that a file holds besides itself, when its archives are opened. */
  readonly expandedBytes: number;
  /** The same as a multiple of the file's size. */
  readonly ratio: number;
  /** What any file may expand to, however small it is. */
  readonly smallestBytes: number;
  /** Members of archives, and what looks like an archive, in one file. */
  readonly entries: number;
  /** Of an archive within an archive, which is opened in memory. */
  readonly memoryBytes: number;
  /** Archives within archives. */
  readonly depth: number;
  /** Of the whole search. */
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

/** Counts what the search of one file costs. Each method throws a `ScanStoppedError` at a limit. */
export interface ScanMeter {
  bytes(more: number): void;
  /** Before something of this size is unpacked. */
  foresee(more: number): void;
  entry(): void;
  /** What may be spent still. */
  readonly leftBytes: number;
}

/** A limit ended the search of a file: what else is in it is not known. */
export class ScanStoppedError extends Error {}

/** How long a search takes, which all its files share. */
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
