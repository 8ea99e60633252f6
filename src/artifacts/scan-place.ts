import type { FindingsOfFile } from './findings.js';
import type { ScanMeter, ScanOptions } from './scan-limits.js';

export interface Place extends ScanOptions {
  readonly name: string;
  readonly members: readonly string[];
  readonly findings: FindingsOfFile;
  /** Of the file, opened archives included. */
  readonly meter: ScanMeter;
}
