/**
 * Flushes what a stream holds back: call the returned function at each chunk. `act` runs after 200 ms without one, so
 * that a person sees an unfinished line, such as a question. Does not keep the process alive.
 */
export function whenSilent(act: () => void): () => void {
  let silence: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(silence);
    silence = setTimeout(act, silenceMs).unref();
  };
}

const silenceMs = 200;
