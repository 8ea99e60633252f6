import path from 'node:path';
import { writeTrace } from '../artifacts/write-trace.js';
import { firstLine } from '../core/first-line.js';
import type { SuiteOptions } from '../core/suite-options.js';
import type { SignInTrace } from '../flow/flow-options.js';
import type { Redactor } from '../redaction/redactor.js';
import { within } from '../time/within.js';

export interface TraceFailuresOptions {
  readonly signInTrace: SuiteOptions['signInTrace'];
  /** Playwright's output folders. The leak check searches them, and the next run empties them. */
  readonly folders: readonly string[];
  readonly redactor: Redactor;
  readonly newId: () => string;
  readonly onWarning: (text: string) => void;
}

/** Keeps a redacted trace of each failed sign-in in Playwright's output folder. Without one, as in a script, none. */
export function traceFailures(options: TraceFailuresOptions): SignInTrace | undefined {
  const { signInTrace, folders, redactor, newId, onWarning } = options;
  const [folder] = folders;
  if (signInTrace !== 'on-failure' || folder === undefined) return undefined;
  return {
    when: 'on-failure',
    async keep(save, session) {
      const name = `${session.replaceAll(/[^\w.-]/g, '-')}-${newId()}.zip`;
      const file = path.join(folder, 'sign-in-traces', name);
      try {
        await writeTrace((raw) => saveInTime(save(raw)), { file, redactor });
        return file;
      } catch (error) {
        // It must not replace the sign-in's own error.
        onWarning(
          redactor.redact(`The trace of the sign-in of "${session}" was not written: ${firstLine(error)}`),
        );
        return undefined;
      }
    },
  };
}

/** A browser that hangs must not keep the tests waiting for the error. */
async function saveInTime(saved: Promise<void>): Promise<void> {
  const isSaved = await within(
    patienceMs,
    saved.then(() => true),
  );
  if (isSaved !== true) throw new Error(`Playwright did not save it within ${patienceMs / 1000} s`);
}

const patienceMs = 15_000;
