import { stat } from 'node:fs/promises';
import { isBelow } from '../src/artifacts/is-below.js';
import type { Leak } from '../src/artifacts/leak.js';
import { redactFile } from '../src/artifacts/redact-file.js';
import type { ByteRange } from '../src/artifacts/shipped-files.js';
import type { Redactor } from '../src/redaction/redactor.js';
import type { KnownSecret } from '../src/wire/secret-ledger.js';

export interface RepairOptions {
  readonly redactor: Redactor;
  readonly secrets: readonly KnownSecret[];
  readonly startedAtMs: number;
  /** When the broker was ready: later secrets can be new to a worker. */
  readonly readyAtMs: number;
  /** Folders and files of reporters. */
  readonly ofReporters: readonly string[];
  /** Playwright's output folders. */
  readonly ofPlaywright: readonly string[];
  /** Other folders that the suite names, possibly with its own files. */
  readonly ofSuite: readonly string[];
}

/**
 * Redacts leaking files that could not have been redacted earlier: what reporters copy from test sources; values that
 * became known after a file was written, such as a user name on a page before that user's session was used, or in
 * another worker; files of a worker that crashed; and files of an earlier run. A file that a test wrote outside of
 * redaction is not repaired, and fails the run. Program files are never changed, because they may stop working. A
 * one-time code never counts as known too late: nothing can write it before it is known.
 */
export function createRepair(
  options: RepairOptions,
): (file: string, leaks: readonly Leak[], keep?: readonly ByteRange[]) => Promise<boolean> {
  const { redactor, secrets, startedAtMs, readyAtMs, ofReporters, ofPlaywright, ofSuite } = options;
  const isLater = (ms: number) => (leak: Leak) =>
    secrets.some(({ label, kind, sinceMs }) => label === leak.label && kind === 'value' && sinceMs > ms);
  return async (file, leaks, keep = []) => {
    const { mtimeMs } = await stat(file);
    const isIn = (places: readonly string[]) => places.some((place) => isBelow(place, file));
    const isOld = mtimeMs < startedAtMs;
    if (isOld && isIn(ofSuite)) return false;
    const mayRepair =
      isOld ||
      isIn(ofReporters) ||
      leaks.every(isLater(isIn(ofPlaywright) ? readyAtMs : mtimeMs + clockToleranceMs));
    return mayRepair && !code.test(file) && tryToRedact(file, redactor, keep);
  };
}

/** A file that cannot be cleaned still has its leak. */
function tryToRedact(file: string, redactor: Redactor, keep: readonly ByteRange[]): boolean {
  try {
    return redactFile(file, redactor, { keep });
  } catch {
    return false; // too large, damaged, or on a full disk
  }
}

/** A redacted program may not run. */
const code = /\.(?:[cm]?[jt]sx?|css|wasm)$/i;
/** File systems record times in ticks, which may lag. */
const clockToleranceMs = 20;
