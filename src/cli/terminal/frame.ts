import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { isTerminal, type OutputStream } from './output-stream.js';
import { terminalWidth } from './terminal-width.js';

/** Shows a text that changes: in place on a terminal, one text after the other elsewhere. */
export interface Frame {
  show(text: string): void;
}

export function createFrame(stream: OutputStream): Frame {
  let lines = 0;
  return {
    show(text) {
      if (isTerminal(stream) && lines > 0) {
        moveCursor(stream, 0, -lines);
        cursorTo(stream, 0);
        clearScreenDown(stream);
      }
      stream.write(`${text}\n`);
      lines = linesOnScreen(text, terminalWidth(stream, 80));
    },
  };
}

/** A line that is wider than the terminal takes several. */
function linesOnScreen(text: string, width: number): number {
  return text
    .split('\n')
    .map((line) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width)))
    .reduce((sum, one) => sum + one, 0);
}
