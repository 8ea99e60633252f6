import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { writeTrace } from '../../artifacts/write-trace.js';
import { firstLine } from '../../core/first-line.js';
import type { SignInTrace } from '../../flow/flow-options.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';

/** Requires that a trace can be written and replaces no file. @throws AuthSessionsError `ERR_USAGE` */
export async function requireNewFile(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw usageError(`${file} exists already.`, 'Name a file that does not exist, or remove it.');
  const folder = path.dirname(file);
  await access(folder, constants.W_OK).catch(() => {
    throw usageError(`No file can be written in ${folder}.`, 'Name a folder that exists and is writable.');
  });
}

/**
 * Writes a redacted trace of each sign-in to this file, for this user only (0600); that of the last attempt stays.
 * Playwright's own trace has values. It is in the command's private temporary folder meanwhile.
 */
export function traceInto(
  file: string,
  { redactor, note }: Pick<CommandContext, 'redactor' | 'note'>,
): SignInTrace {
  return {
    when: 'always',
    async keep(save) {
      try {
        await writeTrace(save, { file, redactor, replaces: true });
        note(`Trace of the sign-in, redacted: ${file}\n  Open it: npx playwright show-trace ${file}`);
      } catch (error) {
        // It must not replace the sign-in's own error.
        note(`The trace was not written: ${firstLine(error)}`);
      }
      return undefined;
    },
  };
}
