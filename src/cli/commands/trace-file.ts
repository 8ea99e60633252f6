import path from 'node:path';
import { requireNewFile } from '../engine/sign-in-trace.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';

/** The file of `--trace`. One file takes the trace of one session. @throws AuthSessionsError `ERR_USAGE` */
export async function traceFileOf(
  given: string | undefined,
  names: readonly string[],
  { folder }: Pick<CommandContext, 'folder'>,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (names.length !== 1) throw usageError('--trace takes the sign-in of one session.', 'Name one session.');
  const file = path.resolve(folder, given);
  await requireNewFile(file);
  return file;
}
