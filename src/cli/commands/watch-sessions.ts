import { AuthSessionsError } from '../../core/errors.js';
import { printableJson } from '../../core/printable.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatError } from '../terminal/format-error.js';
import { createFrame } from '../terminal/frame.js';
import { isTerminal } from '../terminal/output-stream.js';

/** What one look at the store shows. */
export interface Look {
  readonly data: unknown;
  readonly text: string;
  /** Equal for two looks between which nothing happened but time. */
  readonly sameness: string;
}

/**
 * Looks again and again until Ctrl-C. A terminal shows the newest look. A file or a pipe gets each look that differs from
 * the one before, with `json` as one line. A store that does not answer is shown, and asked again.
 */
export async function watchSessions(
  look: () => Promise<Look>,
  { context, json }: { readonly context: CommandContext; readonly json: boolean },
): Promise<CommandResult> {
  const { stdout, redactor, clock, signal, style } = context;
  const frame = createFrame(stdout);
  const inPlace = isTerminal(stdout) && !json;
  let last: string | undefined;
  for (;;) {
    const seen = await look().catch((error: unknown): Look => {
      signal.throwIfAborted();
      if (!(error instanceof AuthSessionsError)) throw error;
      const { code, explanation } = error;
      return { data: { error: { code, ...explanation } }, text: formatError(error, style), sameness: code };
    });
    if (inPlace || seen.sameness !== last) {
      const at = new Date(clock.nowMs()).toISOString();
      if (json)
        stdout.write(`${printableJson(redactor.redact(JSON.stringify({ at, ...asObject(seen.data) })))}\n`);
      else frame.show(redactor.redact(inPlace ? seen.text : `${at}\n${seen.text}\n`));
    }
    last = seen.sameness;
    await clock.sleep(intervalMs, signal);
  }
}

function asObject(data: unknown): object {
  return typeof data === 'object' && data !== null ? data : { data };
}

const intervalMs = 2000;
