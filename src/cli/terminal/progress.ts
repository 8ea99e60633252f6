import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { terminalWidth } from './terminal-width.js';

/** One line for each task longer than half a second, removed when it ends. */
export interface Progress {
  during<Result>(label: string, work: () => Promise<Result>): Promise<Result>;
  /** Hides the lines, so that something else can be printed. They return if work continues. */
  clear(): void;
  /** Shows no lines while `work` uses the terminal. */
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WritableStream & { readonly columns?: number };
  readonly redact: (text: string) => string;
  readonly nowMs: () => number;
}

/** Shows progress on a terminal only. */
export function createProgress({ stream, redact, nowMs }: ProgressOptions): Progress {
  const running = new Map<symbol, { label: string; sinceMs: number }>();
  let shown = 0;
  let pauses = 0;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    if (shown === 0) return;
    moveCursor(stream, 0, -shown);
    cursorTo(stream, 0);
    clearScreenDown(stream);
    shown = 0;
  }

  function draw(): void {
    clear();
    if (pauses > 0) return;
    const due = [...running.values()].filter(({ sinceMs }) => nowMs() - sinceMs >= patienceMs);
    for (const { label, sinceMs } of due) {
      const seconds = Math.floor((nowMs() - sinceMs) / 1000);
      const frame = frames[Math.floor(nowMs() / frameMs) % frames.length] ?? '';
      const line = stripVTControlCharacters(`${frame} ${redact(label)} ${seconds} s`);
      stream.write(`${line.slice(0, terminalWidth(stream, 80) - 1)}\n`);
    }
    shown = due.length;
  }

  return {
    clear,
    async pause(work) {
      clear();
      pauses += 1;
      try {
        return await work();
      } finally {
        pauses -= 1;
      }
    },
    async during(label, work) {
      const key = Symbol(label);
      running.set(key, { label, sinceMs: nowMs() });
      timer ??= setInterval(draw, frameMs).unref();
      try {
        return await work();
      } finally {
        running.delete(key);
        if (shown > 0) draw();
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
    },
  };
}

/** Used without a terminal. */
export const noProgress: Progress = {
  during: (_, work) => work(),
  clear: () => undefined,
  pause: (work) => work(),
};

const patienceMs = 500;
const frameMs = 100;
const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
