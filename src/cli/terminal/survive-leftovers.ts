/** What flows leave behind and fails later is told, and ends nothing. Gives what ends this. */
export function surviveLeftovers(note: (line: string) => void): () => void {
  const survive = (cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    note(`A flow left something behind that failed: ${message.split('\n', 1)[0] ?? ''}`);
  };
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  return () => {
    process.off('uncaughtException', survive);
    process.off('unhandledRejection', survive);
  };
}
