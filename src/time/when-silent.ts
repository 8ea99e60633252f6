/**
 * For what a stream holds back: gives a function to call at each chunk, and acts when none has come for 200 ms, so that
 * a person who is asked something sees the question. Keeps no process alive.
 */
export function whenSilent(act: () => void): () => void {
  let silence: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(silence);
    silence = setTimeout(act, silenceMs).unref();
  };
}

const silenceMs = 200;
