import type { FindingsOfFile } from './findings.js';
import type { ScanMeter, ScanOptions } from './scan-limits.js';

export interface Place extends ScanOptions {
  readonly name: string;
  readonly members: readonly string[];
  readonly findings: FindingsOfFile;
  /** The meter of the file, including opened archives. */
  readonly meter: ScanMeter;
}
