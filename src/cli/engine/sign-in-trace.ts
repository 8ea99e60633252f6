import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { writeTrace } from '../../artifacts/write-trace.js';
import { firstLine } from '../../core/first-line.js';
import type { SignInTrace } from '../../flow/flow-options.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';

/** The traces of a command. */
export interface TraceFiles {
  readonly trace: SignInTrace;
  /** The files that were written, and why others were not, in order. */
  readonly written: readonly string[];
  readonly troubles: readonly string[];
}

/** Requires that a trace can be written and replaces no file. @throws AuthSessionsError `ERR_USAGE` */
export async function requireNewFile(file: string): Promise<void> {
  if (existsSync(file))
    throw usageError(`${file} exists already.`, 'Name a file that does not exist, or remove it.');
  const folder = path.dirname(file);
  await access(folder, constants.W_OK).catch(() => {
    throw usageError(`No file can be written in ${folder}.`, 'Name a folder that exists and is writable.');
  });
}

/**
 * Writes a redacted trace of the first sign-in to this file, for this user only (0600), and of each further attempt to one
 * beside it: `trace.zip`, `trace-2.zip`. Playwright's own trace has values. It is in the command's private temporary
 * folder meanwhile.
 */
export function traceInto(file: string, { redactor }: Pick<CommandContext, 'redactor'>): TraceFiles {
  const written: string[] = [];
  const troubles: string[] = [];
  let number = 0;
  const nextFile = () => {
    for (;;) {
      const next = numbered(file, (number += 1));
      if (!existsSync(next)) return next;
    }
  };
  const trace: SignInTrace = {
    when: 'always',
    async keep(save) {
      try {
        const next = nextFile();
        await writeTrace(save, { file: next, redactor });
        written.push(next);
      } catch (error) {
        // It must not replace the sign-in's own error.
        troubles.push(firstLine(error));
      }
      return undefined;
    },
  };
  return { trace, written, troubles };
}

function numbered(file: string, number: number): string {
  const { dir, name, ext } = path.parse(file);
  return number === 1 ? file : path.join(dir, `${name}-${number}${ext}`);
}
