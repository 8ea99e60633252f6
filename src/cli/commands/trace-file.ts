import path from 'node:path';
import type { BroughtUp } from '../engine/bring-up.js';
import { requireNewFile, traceInto, type TraceFiles } from '../engine/sign-in-trace.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { quotePath } from '../terminal/quote-path.js';
import { usageError } from '../terminal/usage-error.js';

/** The file of `--trace`, for the sign-in of one session. */
export interface TraceRequest {
  readonly file: string | undefined;
  readonly names: readonly string[];
}

/**
 * Runs `work` with traces of the session's sign-ins, and says where they are, or why there is none.
 *
 * @throws AuthSessionsError `ERR_USAGE`
 */
export async function whileTracing(
  { file: given, names }: TraceRequest,
  context: CommandContext,
  work: (trace: TraceFiles['trace'] | undefined) => Promise<CommandResult>,
): Promise<CommandResult> {
  if (given === undefined) return work(undefined);
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw usageError('--trace takes the sign-in of one session.', 'Name one session.');
  const file = path.resolve(context.folder, given);
  await requireNewFile(file);
  const { trace, written, troubles } = traceInto(file, context);
  const told = () => [
    ...(written.length > 0 ? [describeTraces(written)] : []),
    ...troubles.map((trouble) => `The trace was not written: ${trouble}`),
  ];
  try {
    const result = await work(trace);
    if (told().length === 0) context.note(whyNone(result, `renew ${name} --trace ${quotePath(given)}`));
    return result;
  } finally {
    for (const line of told()) context.note(line);
  }
}

/** The last one is of the sign-in whose end the command reports. */
function describeTraces(files: readonly string[]): string {
  const [first = '', ...others] = files;
  const open = `  Open it: npx playwright show-trace ${quotePath(files.at(-1) ?? '')}`;
  if (others.length === 0) return `Trace of the sign-in, redacted: ${first}\n${open}`;
  const lines = files.map((file, index) => `  ${index + 1}. ${file}`);
  return `Traces of ${files.length} sign-ins, redacted:\n${lines.join('\n')}\n${open.replace('it:', 'the last one:')}`;
}

function whyNone({ data, errors = [] }: CommandResult, again: string): string {
  const { sessions } = (data ?? { sessions: [] }) as { readonly sessions: readonly BroughtUp[] };
  if (sessions.some(({ signIns }) => signIns > 0))
    return 'There is no trace: the flow signs in by requests. The error of a failed sign-in lists them.';
  if (errors.length > 0) return 'There is no trace: the sign-in did not begin.';
  return `There is no trace, because there was no sign-in: a stored session was used. To sign in again: npx playwright-auth-sessions ${again}`;
}
