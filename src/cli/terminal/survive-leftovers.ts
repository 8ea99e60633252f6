import { firstLine } from '../../core/first-line.js';

/** Reports late errors of code that flows started, and keeps the process alive. Returns a function that stops this. */
export function surviveLeftovers(note: (line: string) => void): () => void {
  const survive = (cause: unknown) => {
    note(`Something that a flow started failed later: ${firstLine(cause)}`);
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  return () => {
    process.off('uncaughtException', survive);
    process.off('unhandledRejection', survive);
  };
}
