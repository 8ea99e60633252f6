import type { BrowserContext } from '@playwright/test';
import { untilClosed } from '../until-closed.js';

/** How a person ended what was done by hand. */
export type DoneBy = 'enter' | 'closed' | 'stopped';

/**
 * Until the person presses Enter in the terminal, closes the last window, or stops the command. A standard input that
 * ends without a line, as that of a program in the background, says nothing.
 */
export async function untilDone(browserContext: BrowserContext, signal: AbortSignal): Promise<DoneBy> {
  const heard = hearEnter(process.stdin);
  try {
    const closed = untilClosed(browserContext, signal).then((): DoneBy =>
      signal.aborted ? 'stopped' : 'closed',
    );
    return await Promise.race([heard.enter, closed]);
  } finally {
    heard.end();
  }
}

function hearEnter(stdin: NodeJS.ReadStream): { enter: Promise<DoneBy>; end: () => void } {
  let listen: ((chunk: Buffer | string) => void) | undefined;
  const enter = new Promise<DoneBy>((resolve) => {
    listen = (chunk) => {
      if (/[\r\n]/.test(chunk.toString())) resolve('enter');
    };
    stdin.on('data', listen);
    // Such as a terminal that is gone.
    stdin.on('error', () => undefined);
  });
  const end = () => {
    if (listen) stdin.off('data', listen);
    stdin.pause();
  };
  return { enter, end };
}
