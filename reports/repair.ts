import { stat } from 'node:fs/promises';
import type { Leak } from '../src/artifacts/leak.js';
import { redactFile } from '../src/artifacts/redact-file.js';
import type { KnownSecret } from '../src/broker/secret-ledger.js';
import type { Redactor } from '../src/core/redactor.js';
import { isBelow } from './output-folders.js';

export interface RepairOptions {
  readonly redactor: Redactor;
  readonly secrets: readonly KnownSecret[];
  readonly startedAtMs: number;
  /** The folders and files of reporters. */
  readonly ofReporters: readonly string[];
}

/**
 * Redacts files in which the leak check found what nobody could have redacted before: what reporters make of the
 * sources of tests; what became known only after a file was written, such as a user name on a page before that user's
 * session is asked for; and what an earlier run left. Whatever a test wrote past the redaction is none of these: it
 * fails the run. Nor is a code, which cannot be written before it is known.
 */
export function createRepair(
  options: RepairOptions,
): (file: string, leaks: readonly Leak[]) => Promise<boolean> {
  const { redactor, secrets, startedAtMs, ofReporters } = options;
  return async (file, leaks) => {
    const { mtimeMs } = await stat(file);
    const isLate = ({ label }: Leak) =>
      secrets.some(
        (secret) =>
          secret.label === label && secret.kind === 'value' && secret.sinceMs > mtimeMs + clockToleranceMs,
      );
    const mayRepair =
      mtimeMs < startedAtMs || ofReporters.some((place) => isBelow(place, file)) || leaks.every(isLate);
    return mayRepair && redactFile(file, redactor);
  };
}

/** File systems tell the time in ticks, and so may be behind. */
const clockToleranceMs = 20;
