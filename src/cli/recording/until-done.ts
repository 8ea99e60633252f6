import type { BrowserContext } from '@playwright/test';
import { untilClosed } from '../engine/until-closed.js';

/** How a person ended what was done by hand. */
export type DoneBy = 'enter' | 'closed' | 'stopped';

/** Somebody at the terminal. */
export interface Listener {
  /** The next Enter: what was typed ahead, before there was a window to look at, is none. */
  enter(): Promise<DoneBy>;
}

/** Lends somebody who listens from now on. A standard input that ends without a line says nothing. */
export async function withListener<Result>(
  stdin: NodeJS.ReadStream,
  work: (listener: Listener) => Promise<Result>,
): Promise<Result> {
  let heard: () => void = () => undefined;
  const listen = (chunk: Buffer | string) => {
    if (/[\r\n]/.test(chunk.toString())) heard();
  };
  const ignore = () => undefined; // a terminal that is gone
  stdin.on('data', listen).on('error', ignore);
  try {
    return await work({ enter: () => new Promise((resolve) => (heard = () => resolve('enter'))) });
  } finally {
    stdin.off('data', listen);
    stdin.pause();
  }
}

/** Until the person presses Enter in the terminal, closes the last window, or stops the command. */
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
