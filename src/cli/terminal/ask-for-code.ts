import { isCancel, password } from '@clack/prompts';
import { AuthSessionsError } from '../../core/errors.js';
import { isSwitchedOn } from '../../core/is-switched-on.js';
import type { AskPerson } from '../../core/ports.js';
import type { CommandContext } from './command-context.js';

/**
 * Asks for a code at the terminal, without showing it: one question at a time. `undefined` on CI, and where input or
 * standard error is not a terminal.
 */
export function askForCode({
  env,
  progress,
}: Pick<CommandContext, 'env' | 'progress'>): AskPerson | undefined {
  if (isSwitchedOn(env.CI) || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  let last: Promise<unknown> = Promise.resolve();
  return async (asked) => {
    const answer = last.then(() => progress.pause(() => ask(asked)));
    last = answer.catch(() => undefined);
    return answer;
  };
}

async function ask({ session, question, signal }: Parameters<AskPerson>[0]): Promise<string> {
  signal.throwIfAborted();
  const answer = await password({
    output: process.stderr,
    message: `${session}: ${question}`,
    validate: (value = '') => (value.trim() === '' ? 'Enter the code' : undefined),
    signal,
  });
  signal.throwIfAborted();
  if (!isCancel(answer)) return answer;
  // The prompt has the terminal in raw mode, where Ctrl-C is a key.
  process.emit('SIGINT');
  throw new AuthSessionsError(
    'ERR_STOPPED',
    { failed: `Session "${session}": the question was cancelled.`, next: 'Run the command again.' },
    { session },
  );
}
