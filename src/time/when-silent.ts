/**
 * Flushes what a stream holds back: call the returned function at each chunk, with how long to wait for the next one.
 * `act` then runs, so that a person sees an unfinished line, such as a question. Does not keep the process alive.
 */
export function whenSilent(act: () => void): (afterMs: number) => void {
  let silence: NodeJS.Timeout | undefined;
  return (afterMs) => {
    clearTimeout(silence);
    silence = setTimeout(act, afterMs).unref();
  };
}
