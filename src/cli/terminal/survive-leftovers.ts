/** Reports late errors of code that flows started, and keeps the process alive. Returns a function that stops this. */
export function surviveLeftovers(note: (line: string) => void): () => void {
  const survive = (cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    note(`Something that a flow started failed later: ${message.split('\n', 1)[0] ?? ''}`);
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  return () => {
    process.off('uncaughtException', survive);
    process.off('unhandledRejection', survive);
  };
}
