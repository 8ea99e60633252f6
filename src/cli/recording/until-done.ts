import type { BrowserContext } from '@playwright/test';
import { untilClosed } from '../engine/until-closed.js';

/** How a recording ended. */
export type DoneBy = 'enter' | 'closed' | 'stopped' | 'url' | 'text';

/** Listens to the terminal. */
export interface Listener {
  /** The next Enter. Earlier input, before the window was shown, does not count. */
  enter(): Promise<DoneBy>;
}

/** Runs `work` with a listener that starts now. A standard input that ends without a line is ignored. */
export async function withListener<Result>(
  stdin: NodeJS.ReadStream,
  work: (listener: Listener) => Promise<Result>,
): Promise<Result> {
  let heard: () => void = () => undefined;
  const listen = (chunk: Buffer | string) => {
    if (/[\r\n]/.test(chunk.toString())) heard();
  };
  const ignore = () => undefined; // the terminal is gone
  stdin.on('data', listen).on('error', ignore);
  try {
    return await work({ enter: () => new Promise((resolve) => (heard = () => resolve('enter'))) });
  } finally {
    stdin.off('data', listen);
    stdin.pause();
  }
}

/** Waits until the person presses Enter in the terminal, closes the last window, or stops the command. */
export async function untilDone(
  browserContext: BrowserContext,
  listener: Listener,
  signal: AbortSignal,
): Promise<DoneBy> {
  const closed = untilClosed(browserContext, signal).then((): DoneBy =>
    signal.aborted ? 'stopped' : 'closed',
  );
  return Promise.race([listener.enter(), closed]);
}
