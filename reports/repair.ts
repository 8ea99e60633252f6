import { stat } from 'node:fs/promises';
import type { Leak } from '../src/artifacts/leak.js';
import { isBelow } from '../src/artifacts/is-below.js';
import { redactFile } from '../src/artifacts/redact-file.js';
import type { ByteRange } from '../src/artifacts/shipped-files.js';
import type { KnownSecret } from '../src/wire/secret-ledger.js';
import type { Redactor } from '../src/redaction/redactor.js';

export interface RepairOptions {
  readonly redactor: Redactor;
  readonly secrets: readonly KnownSecret[];
  readonly startedAtMs: number;
  /** When the broker was ready: what became known later can be news to a worker. */
  readonly readyAtMs: number;
  /** The folders and files of reporters. */
  readonly ofReporters: readonly string[];
  /** Playwright's output folders. */
  readonly ofPlaywright: readonly string[];
  /** Folders that the project names besides: perhaps its own files. */
  readonly ofProject: readonly string[];
}

/**
 * Redacts files in which the leak check found what nobody could have redacted before: what reporters make of the
 * sources of tests; what became known only after a file was written, such as a user name on a page before that user's
 * session is asked for, or to another worker than the one that wrote it; what a worker that died left in its test's
 * folder; and what an earlier run left. What a test wrote past the redaction is none of these: it fails the run.
 * Program files are never changed, because a redacted program may not run.
 * A one-time code never counts as known too late: nothing can write it before it is known.
 */
export function createRepair(
  options: RepairOptions,
): (file: string, leaks: readonly Leak[], keep?: readonly ByteRange[]) => Promise<boolean> {
  const { redactor, secrets, startedAtMs, readyAtMs, ofReporters, ofPlaywright, ofProject } = options;
  const isLater = (ms: number) => (leak: Leak) =>
    secrets.some(({ label, kind, sinceMs }) => label === leak.label && kind === 'value' && sinceMs > ms);
  return async (file, leaks, keep = []) => {
    const { mtimeMs } = await stat(file);
    const isIn = (places: readonly string[]) => places.some((place) => isBelow(place, file));
    const isOld = mtimeMs < startedAtMs;
    if (isOld && isIn(ofProject)) return false;
    const mayRepair =
      isOld ||
      isIn(ofReporters) ||
      leaks.every(isLater(isIn(ofPlaywright) ? readyAtMs : mtimeMs + clockToleranceMs));
    return mayRepair && !code.test(file) && tryToRedact(file, redactor, keep);
  };
}

/** What cannot be made clean has its leak still. */
function tryToRedact(file: string, redactor: Redactor, keep: readonly ByteRange[]): boolean {
  try {
    return redactFile(file, redactor, { keep });
  } catch {
    return false; // too large, damaged, or on a full disk
  }
}

/** A program that is redacted may not run any more. */
const code = /\.(?:[cm]?[jt]sx?|css|wasm)$/i;
/** File systems tell the time in ticks, and so may be behind. */
const clockToleranceMs = 20;
