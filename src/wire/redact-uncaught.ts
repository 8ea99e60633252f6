import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Redactor } from '../redaction/redactor.js';

type EndingProcess = Pick<NodeJS.Process, 'on' | 'listenerCount' | 'exit'>;

/**
 * Redacts the uncaught error that ends this process. Node writes it to file descriptor 2 itself, past the standard
 * streams: a refused request of Playwright, for example, with the cookies that it sent. An error without a secret, and
 * one that the program has a listener for, are left to them.
 */
export function redactUncaught(
  ending: EndingProcess,
  redactor: Redactor,
  write: (text: string) => void = writeToStderr,
): void {
  ending.on('uncaughtExceptionMonitor', (error) => {
    if (ending.listenerCount('uncaughtException') > 0) return;
    // More than Node shows, so that nothing of what it shows is missed.
    const all = inspect(error, { depth: 20, maxArrayLength: Infinity, maxStringLength: Infinity });
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    if ([all, stack].every((text) => redactor.redact(text) === text)) return;
    write(`Uncaught ${redactor.redact(inspect(error))}\n`);
    ending.exit(1);
  });
}

function writeToStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
}
